"""What posts tell people: a thank-you, that one's answer was the one, what became of a post that waited."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import ClassVar

from django.urls import reverse
from django.utils.translation import gettext_lazy

from conversations.notification_kinds import conversation_of, places_of
from conversations.owners import owner_of
from directory.models import Employee
from feed.models import PlannedPlacement, Post, Vote
from groups.models import Membership
from notifications.kinds import Bundle, NotificationKind, Standing, notification_kind


class PostKind(NotificationKind[Post]):
    """About one post, as long as the reader may see it."""

    templates = "feed/notifications"
    email_after: ClassVar[datetime.timedelta | None] = datetime.timedelta(hours=4)

    def visible_targets(self, reader: Employee, ids: Collection[int]) -> dict[int, Post]:
        found = Post.objects.visible_to(reader).filter(pk__in=ids).select_related("thanked", "thread")
        return {post.pk: post for post in found}

    def is_closed(self, target: Post) -> bool:
        return owner_of(target.thread).is_closed(target.thread)

    def conversation(self, bundle: Bundle, target: Post) -> str:
        return conversation_of(target.thread)

    def standing(self, reader: Employee, target: Post) -> Standing:
        return owner_of(target.thread).standings([target.thread], reader)[target.thread_id]

    def quoted(self, target: Post) -> str:
        return target.text

    def places(self, target: Post) -> Collection[str]:
        return places_of(target.thread)


@notification_kind
class ThanksKind(PostKind):
    """«Sigrid takket deg»."""

    key = "thanks"
    name = gettext_lazy("Thanks to a person")
    topic = "thanks"
    icon = "HandHeart"


@notification_kind
class GroupPostKind(PostKind):
    """«Kari skrev i en gruppe du følger tett», to members who want to hear of every post there."""

    key = "group_post"
    name = gettext_lazy("A new post in a group")
    topic = "groups"
    may_leave_inbox = True
    icon = "PersonGroup"
    email_after = None
    push_after = datetime.timedelta(0)

    def is_still_due(self, reader: Employee, target: Post) -> bool:
        """Not to whoever has left since, or wants to hear less."""
        close = reader.memberships.filter(notification_level=Membership.NotificationLevel.ALL)
        return close.filter(group__in=target.placements.values("group_id")).exists()


@notification_kind
class AcceptedAnswerKind(PostKind):
    """«Kari valgte svaret ditt»."""

    key = "accepted_answer"
    topic = "answers"
    icon = "CheckmarkCircle"


@notification_kind
class ThanksToOwnPeopleKind(PostKind):
    """«Sigrid takket Amina», to Amina's leader."""

    key = "thanks_to_own_people"
    may_leave_inbox = True
    topic = "thanks"
    icon = "HandHeart"
    email_after = None


@notification_kind
class PollClosesKind(PostKind):
    """«Kari spør: Når passer fagtimen best? Svar før fredag kl. 12», to those who have not answered."""

    key = "poll_closes"
    topic = "tasks"
    icon = "BarChart"
    email_after = None
    push_after = datetime.timedelta(0)

    def visible_targets(self, reader: Employee, ids: Collection[int]) -> dict[int, Post]:
        found = Post.objects.visible_to(reader).filter(pk__in=ids, poll__isnull=False)
        return {post.pk: post for post in found.select_related("author", "thread", "poll")}

    def url(self, bundle: Bundle, target: Post) -> str:
        return target.poll.get_absolute_url()

    def is_still_due(self, reader: Employee, target: Post) -> bool:
        return target.poll.is_open and not Vote.objects.filter(option__poll=target.poll, employee=reader).exists()


@notification_kind
class PostLetOutKind(PostKind):
    """«Kari slapp ut innlegget ditt»."""

    key = "post_let_out"
    icon = "CheckmarkCircle"
    email_after = None


class PlannedKind(NotificationKind[PlannedPlacement]):
    """About a post that waits, as long as it does."""

    templates = "feed/notifications"
    email_after = datetime.timedelta(hours=4)


@notification_kind
class PostAwaitsKind(PlannedKind):
    """«Amina vil skrive i …», to those who look after the group."""

    key = "post_awaits"
    topic = "tasks"
    icon = "Hourglass"

    def visible_targets(self, reader: Employee, ids: Collection[int]) -> dict[int, PlannedPlacement]:
        waiting = PlannedPlacement.objects.waiting_for(reader).filter(pk__in=ids)
        return {planned.pk: planned for planned in waiting.select_related("post", "group")}

    def url(self, bundle: Bundle, target: PlannedPlacement) -> str:
        return reverse("post_queue", args=[target.group.public_id]) if target.group else reverse("home")


@notification_kind
class PostSentBackKind(PlannedKind):
    """«Kari sendte tilbake innlegget ditt»."""

    key = "post_sent_back"
    icon = "ArrowUndo"

    def visible_targets(self, reader: Employee, ids: Collection[int]) -> dict[int, PlannedPlacement]:
        mine = PlannedPlacement.objects.of_author(reader).filter(pk__in=ids, returned_at__isnull=False)
        return {planned.pk: planned for planned in mine.select_related("post", "group")}
