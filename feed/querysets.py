"""The named reads of posts and of where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Count, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery
from django.utils import timezone

from conversations.models import Thread
from conversations.querysets import thread_parts
from core.policies import allowed
from directory.models import Employment, OrgUnit, Role, RoleGrant
from groups.models import Group, Membership

if TYPE_CHECKING:
    from directory.models import Employee
    from feed.models import Placement, Post  # noqa: F401


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


def _leads_for_a_time(employee: Employee) -> Q:
    grants = RoleGrant.objects.in_force().filter(employee=employee, role=Role.ACTING_LEADER)
    return Q(Exists(above(grants, "unit__path")))


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
        whole = Q(group__in=readable.filter(open_history=True).values("pk"))
        since = Q(group__in=readable.filter(open_history=False).values("pk")) & Exists(was_there)
        return self.filter(whole | since | in_line_of(employee))

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
        return self.filter(group__privacy=Group.Privacy.OPEN, group__closed_at=None)

    def home(self) -> Self:
        """Where the author put the post; where others shared it to, their moderators only look after the sharing."""
        return self.filter(placed_by=F("post__author"))

    def moderated_by(self, employee: Employee) -> Self:
        """Those in groups `employee` looks after, and in lines that `employee` leads or has written to."""
        groups = allowed(Group.objects.all(), employee, "groups.moderate")
        return self.filter(Q(group__in=groups.values("pk")) | leads_line(employee) | has_addressed(employee))

    def answerable_by(self, employee: Employee) -> Self:
        """Those that let `employee` answer and react.

        In a line those who read it answer. A secret or sensitive group lets its members answer only what stands
        there alone: an answer under a post that others read too would tell them where the writer belongs.
        """
        discreet = Q(group__privacy=Group.Privacy.SECRET) | Q(group__sensitive=True)
        elsewhere = self.model._default_manager.filter(post=OuterRef("post")).exclude(pk=OuterRef("pk"))
        groups = allowed(Group.objects.all(), employee, "groups.comment")
        places = self.filter(Q(group__in=groups.values("pk")) | in_line_of(employee))
        return places.filter(Q(group__isnull=True) | ~discreet | ~Exists(elsewhere))

    def for_reader(self, employee: Employee) -> Self:
        """Add what a post's card needs: author with job, group, the thread's parts and the reader's rights."""
        same_post = {"post": OuterRef("post")}
        every = self.model._default_manager
        moderated = every.moderated_by(employee)
        source = every.open().home().filter(**same_post).exclude(pk=OuterRef("pk")).order_by("pk")
        saves: Any = self.model._meta.get_field("post").related_model._meta.get_field("saves").related_model
        return self.select_related(
            "post__author__primary_employment__unit__agency",
            "post__thanked",
            "post__thread",
            "post__poll",
            "post__accepted_answer__author",
            "group",
            "unit",
            "placed_by",
            "pinned_by",
        ).annotate(
            **thread_parts(Thread, "post__thread_id"),
            may_comment=Exists(every.answerable_by(employee).filter(**same_post)),
            may_moderate=Exists(moderated.filter(pk=OuterRef("pk"))),
            may_moderate_thread=Exists(moderated.home().filter(**same_post)),
            source_name=Subquery(source.values("group__name")[:1]),
            may_share=Exists(every.open().filter(**same_post)),
            is_saved=Exists(saves._default_manager.filter(employee=employee, **same_post)),
            follows_author=Exists(employee.followed_people.filter(followed=OuterRef("post__author"))),
        )
