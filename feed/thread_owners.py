"""Posts own threads: who may see a post may see what is said under it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Case, Exists, OuterRef, Q, When
from django.urls import reverse
from django.utils import timezone

from conversations.models import Thread
from conversations.owners import ThreadOwner, thread_owner
from directory.models import Employee
from directory.querysets import EmployeeQuerySet
from feed.caretakers import caretakers, without_caretaker
from feed.models import Placement, PlannedPlacement, Post
from feed.querysets import IS_OPEN
from feed.readers import readers_of_places
from groups.models import Group
from groups.notification_kinds import is_unnamed
from notifications.kinds import Standing


@thread_owner
class PostThreads(ThreadOwner):
    kind = "post"
    reportable = True

    def visible_to(self, employee: Employee) -> Q:
        waiting = PlannedPlacement.objects.visible_to(employee).filter(post__thread=OuterRef("pk"))
        return Q(Exists(Post.objects.visible_to(employee).filter(thread=OuterRef("pk")))) | Q(Exists(waiting))

    def may_comment(self, employee: Employee) -> Q:
        return Q(Exists(Placement.objects.answerable_by(employee).filter(post__thread=OuterRef("pk"))))

    def may_react(self, employee: Employee) -> Q:
        return self.may_comment(employee)

    def may_moderate(self, employee: Employee) -> Q:
        return Q(Exists(Placement.objects.home().moderated_by(employee).filter(post__thread=OuterRef("pk"))))

    def written_by(self, employee: Employee) -> Q:
        return Q(post__author=employee)

    def moderators(self, thread: Thread, *, besides: int | None) -> list[int]:
        return caretakers(thread, besides=besides)

    def unattended(self) -> Q:
        return without_caretaker()

    def text(self, thread: Thread) -> str:
        return Post.objects.values_list("text", flat=True).filter(thread=thread).first() or ""

    def hide(self, thread: Thread, *, hidden: bool) -> None:
        Post.objects.filter(thread=thread).update(hidden_at=timezone.now() if hidden else None)

    def take_down(self, thread: Thread, *, actor: Employee) -> None:
        Post.objects.filter(thread=thread).update(deleted_at=timezone.now(), deleted_by=actor)

    def url(self, thread: Thread) -> str:
        return self.urls([thread])[thread.pk]

    def urls(self, threads: Sequence[Thread]) -> dict[int, str]:
        known = Post.objects.filter(thread__in=threads).values_list("thread_id", "public_id")
        return {thread: reverse("post", args=[public_id]) for thread, public_id in known}

    def standings(self, threads: Sequence[Thread], reader: Employee) -> dict[int, Standing]:
        posts = list(Post.objects.filter(thread__in=threads).values_list("thread_id", "pk", "text"))
        read = Placement.objects.filter(post__in=[pk for _thread, pk, _text in posts]).readable_by(reader)
        # Of several the one that everyone may know of: it comes last, so that it stays.
        ordered = read.annotate(is_open=Case(When(IS_OPEN, then=1), default=0)).order_by("is_open", "-pk")
        places = {place.post_id: place for place in ordered.select_related("group", "unit")}
        return {thread: _standing(places.get(pk), text) for thread, pk, text in posts}

    def is_closed(self, thread: Thread) -> bool:
        places = Placement.objects.filter(post__thread=thread)
        return not places.exclude(group__privacy__in=[Group.Privacy.CLOSED, Group.Privacy.SECRET]).exists()

    def author_id(self, thread: Thread) -> int | None:
        return Post.objects.values_list("author_id", flat=True).filter(thread=thread).first()

    def readers(self, thread: Thread) -> EmployeeQuerySet:
        places = Placement.objects.filter(post__thread=thread).select_related("group", "unit", "post__author")
        return readers_of_places(list(places))

    def channels(self, thread: Thread) -> list[str]:
        return [place.channel for place in Placement.objects.filter(post__thread=thread)]


def _standing(place: Placement | None, words: str) -> Standing:
    if place is None:
        return Standing("", words)
    return Standing(place.place_name, words, is_unnamed=bool(place.group and is_unnamed(place.group)))
