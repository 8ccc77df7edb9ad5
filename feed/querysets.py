"""The named reads of posts and of where they stand."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Count, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone

from conversations.models import Thread
from conversations.querysets import PERSON_FACTS, STANDING, thread_parts
from core.policies import allowed
from directory.models import Employment, OrgUnit, Role
from groups.models import Group, Membership

if TYPE_CHECKING:
    from directory.models import Employee
    from feed.models import Placement, Post  # noqa: F401


# So long the same words from the same author to the same place are the same post, sent once more.
SENT_AGAIN = datetime.timedelta(seconds=60)
# Where the author put the post.
IS_HOME = Q(placed_by=F("post__author"))
IS_OPEN = Q(group__privacy="open", group__closed_at=None)


def in_line_of(employee: Employee) -> Q:
    """A condition on placements: written to a unit at or above one `employee` works in, or by `employee` to others."""
    line = Employment.objects.current().filter(employee=employee).unit_ids_upwards()
    return Q(unit__in=line) | has_addressed(employee)


def has_addressed(employee: Employee) -> Q:
    """A condition on placements: `employee` wrote to the unit and still works above it, or leads it for a time."""
    jobs = above(Employment.objects.current().filter(employee=employee), "unit__path")
    return Q(unit__isnull=False, placed_by=employee) & (Q(Exists(jobs)) | _leads_for_a_time(employee))


def leads_line(employee: Employee) -> Q:
    """A condition on placements: written to a unit that `employee` leads, or that belongs to one."""
    units = above(OrgUnit.objects.filter(leader=employee), "path")
    return Q(unit__isnull=False) & (Q(Exists(units)) | _leads_for_a_time(employee))


def is_moderated_by(employee: Employee) -> Q:
    """A condition on placements: in a group `employee` looks after, or a line `employee` leads or has written to."""
    groups = allowed(Group.objects.all(), employee, "groups.moderate")
    return Q(group__in=groups.values("pk")) | leads_line(employee) | has_addressed(employee)


def _leads_for_a_time(employee: Employee) -> Q:
    units = [grant.unit for grant in employee.roles if grant.role == Role.ACTING_LEADER and grant.unit]
    return reduce(or_, (Q(unit__path__startswith=unit.path) for unit in units), Q(pk__in=[]))


def above(rows: Any, path: str) -> Any:
    """Those of `rows` whose unit, with this `path`, is the placement's or stands above it."""
    place = ExpressionWrapper(OuterRef("unit__path"), output_field=models.CharField())
    return rows.alias(place=place).filter(place__startswith=F(path))


class PostQuerySet(models.QuerySet["Post"]):
    def standing(self) -> Self:
        """Posts that have been neither deleted nor hidden until a report is decided."""
        return self.filter(deleted_at__isnull=True, hidden_at__isnull=True)

    def visible_to(self, employee: Employee) -> Self:
        """Standing posts that stand in at least one place `employee` may read."""
        return self.standing().filter(Exists(self._placements().readable_by(employee).filter(post=OuterRef("pk"))))

    def by(self, author: Employee) -> Self:
        """Posts of one author, newest first."""
        return self.filter(author=author).order_by("-created_at", "-pk")

    def sent_just_now(self, author: Employee, kind: str, text: str) -> Self:
        """What `author` sent with these words within the last minute, out or waiting."""
        since = timezone.now() - SENT_AGAIN
        return self.standing().by(author).filter(kind=kind, text=text, created_at__gt=since)

    def in_places(self, groups: Sequence[Group], unit: OrgUnit | None) -> Self:
        """Those that stand, or wait to stand, in one of these groups, or before the unit."""
        here = Q(placements__group__in=groups) | Q(planned__group__in=groups)
        if unit:
            here = Q(placements__unit=unit) | Q(planned__unit=unit)
        return self.filter(here).distinct()

    def _placements(self) -> PlacementQuerySet:
        model: Any = self.model._meta.get_field("placements").related_model
        return model._default_manager.all()  # type: ignore[no-any-return]


class PlacementQuerySet(models.QuerySet["Placement"]):
    def readable_by(self, employee: Employee) -> Self:
        """Those in groups `employee` may read and in the own line; deleted posts included.

        Where a group keeps its history to those who were there, what was written since the reader came.
        """
        readable = Group.objects.readable_by(employee)
        was_there = Membership.objects.filter(
            employee=employee, group=OuterRef("group"), joined_at__lte=OuterRef("published_at")
        )
        told = Q(group__open_history=True) | Q(Exists(was_there))
        return self.filter(Q(group__in=readable.values("pk")) & told | in_line_of(employee))

    def standing(self) -> Self:
        """Those of posts that have been neither deleted nor hidden until a report is decided."""
        return self.filter(post__deleted_at__isnull=True, post__hidden_at__isnull=True)

    def unended(self) -> Self:
        """Those of posts whose end, if they have one, has not come: what feeds and groups show."""
        return self.filter(Q(post__ends_at__isnull=True) | Q(post__ends_at__gt=timezone.now()))

    def in_group(self, group: Group) -> Self:
        """A group's posts, newest first, without the deleted and the ended."""
        return self.standing().unended().filter(group=group).order_by("-published_at", "-pk")

    def pinned(self) -> Self:
        """Those fastened to the top of their group, the latest first."""
        return self.filter(pinned_at__isnull=False).order_by("-pinned_at")

    def in_feed_of(self, employee: Employee) -> Self:
        """Those in the places of the home feed: groups that are not muted, open ones followed, the own line."""
        groups = Group.objects.standing()
        loud = groups.filter(memberships__in=Membership.objects.filter(employee=employee, muted_at__isnull=True))
        followed = groups.filter(privacy=Group.Privacy.OPEN, follows__employee=employee)
        mine = Q(group__in=loud.values("pk")) | Q(group__in=followed.values("pk")) | in_line_of(employee)
        return self.standing().unended().readable_by(employee).filter(mine)

    def in_groups_of(self, employee: Employee) -> Self:
        """Those standing in groups `employee` is a member of."""
        return self.standing().filter(group__in=Group.objects.of_member(employee).values("pk"))

    def most_discussed(self) -> Self:
        """Those with comments that stand, the most of them first."""
        standing = Q(post__thread__comments__deleted_at__isnull=True)
        counted = self.annotate(answers=Count("post__thread__comments", filter=standing))
        return counted.filter(answers__gt=0).order_by("-answers", "-published_at", "-pk")

    def open(self) -> Self:
        """Those in open groups: what everyone may read and members may share."""
        return self.filter(IS_OPEN)

    def home(self) -> Self:
        """Where the author put the post; where others shared it to, their moderators only look after the sharing."""
        return self.filter(IS_HOME)

    def moderated_by(self, employee: Employee) -> Self:
        """Those in groups `employee` looks after, and in lines that `employee` leads or has written to."""
        return self.filter(is_moderated_by(employee))

    def answerable_by(self, employee: Employee) -> Self:
        """Those that let `employee` answer and react.

        In a line those who read it answer. A secret or sensitive group lets its members answer only what stands
        there alone: an answer under a post that others read too would tell them where the writer belongs.
        """
        return self.filter(self._is_answerable_by(employee))

    def _is_answerable_by(self, employee: Employee) -> Q:
        discreet = Q(group__privacy=Group.Privacy.SECRET) | Q(group__sensitive=True)
        elsewhere = self.model._default_manager.filter(post=OuterRef("post")).exclude(pk=OuterRef("pk"))
        groups = allowed(Group.objects.all(), employee, "groups.comment")
        here = Q(group__in=groups.values("pk")) | in_line_of(employee)
        return here & (Q(group__isnull=True) | ~discreet | ~Q(Exists(elsewhere)))

    def _rare_rows(self) -> dict[str, Any]:
        post: Any = self.model._meta.get_field("post").related_model
        people: Any = post._meta.get_field("thanked").related_model._default_manager
        answers: Any = post._meta.get_field("accepted_answer").related_model._default_manager
        named = [OuterRef("post__thanked"), OuterRef("placed_by"), OuterRef("pinned_by")]
        answer = {name: F(name) for name in ("id", "public_id", "text", "deleted_at", "hidden_at")}
        author = JSONObject(**{name: F(f"author__{name}") for name in PERSON_FACTS})
        return {
            "people_rows": ArraySubquery(
                people.filter(pk__in=named).values(row=JSONObject(**{name: F(name) for name in PERSON_FACTS}))
            ),
            "answer_row": Subquery(
                answers.filter(STANDING, pk=OuterRef("post__accepted_answer")).values(
                    row=JSONObject(**answer, author=author)
                )
            ),
            "has_poll": Exists(
                post._meta.get_field("poll").related_model._default_manager.filter(post=OuterRef("post"))
            ),
        }

    def _rights_of(self, employee: Employee) -> ArraySubquery:
        """What `employee` may do in each of the places the same post stands in; each rule stands here once."""
        facts = {
            "answers": self._is_answerable_by(employee),
            "moderates": is_moderated_by(employee),
            "is_home": IS_HOME,
            "is_open": IS_OPEN,
        }
        rows = {name: ExpressionWrapper(rule, output_field=models.BooleanField()) for name, rule in facts.items()}
        places = self.model._default_manager.filter(post=OuterRef("post")).order_by("pk")
        return ArraySubquery(places.values(row=JSONObject(id=F("pk"), **rows)))

    def with_card(self) -> Self:
        """Add what a post's card needs, whoever reads it: author with job, place, the thread's parts."""
        every = self.model._default_manager
        source = every.open().home().filter(post=OuterRef("post")).exclude(pk=OuterRef("pk")).order_by("pk")
        # What few posts have comes as rows (`Placement.seat`): each join more doubles what it takes to plan the rest.
        return self.select_related(
            "post__author__primary_employment__unit__agency", "post__thread", "group", "unit"
        ).annotate(
            **thread_parts(Thread, "post__thread_id"),
            **self._rare_rows(),
            source_name=Subquery(source.values("group__name")[:1]),
        )

    def for_reader(self, employee: Employee) -> Self:
        """Add what `employee` may do with the post, and has done: rights, saved, the author followed."""
        saves: Any = self.model._meta.get_field("post").related_model._meta.get_field("saves").related_model
        return self.annotate(
            rights=self._rights_of(employee),
            is_saved=Exists(saves._default_manager.filter(employee=employee, post=OuterRef("post"))),
            follows_author=Exists(employee.followed_people.filter(followed=OuterRef("post__author"))),
        )
