"""The named reads of groups and memberships."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.search import TrigramSimilarity
from django.db import models
from django.db.models import Case, Count, Exists, F, Func, OuterRef, Q, Value, When
from django.db.models.functions import Lower
from django.utils import timezone

from core.text import fold

if TYPE_CHECKING:
    from directory.models import Employee
    from groups.models import Group, Invitation, Membership, MembershipRequest, Takeover  # noqa: F401

# So long an owner can open a closed group again; then it is purged.
REOPEN_DAYS = 30
# So often owners are asked whether the group is still in use.
IN_USE_DAYS = 365


def members_only(employee: Employee) -> Q:
    """A condition on groups: `employee` is a member."""
    return Q(pk__in=employee.memberships.values("group_id"))


def invited_only(employee: Employee) -> Q:
    """A condition on groups: `employee` has been asked to come in and has not answered."""
    waiting = employee.group_invitations.filter(answered_at__isnull=True)
    return Q(pk__in=waiting.values("group_id"))


class GroupQuerySet(models.QuerySet["Group"]):
    def visible_to(self, employee: Employee) -> Self:
        """Groups `employee` may know of: all but closed-down ones and the secret ones of others.

        Whoever is invited into a secret group knows of it until they have answered.
        """
        known = ~Q(privacy="secret") | members_only(employee) | invited_only(employee)
        return self.standing().filter(known)

    def readable_by(self, employee: Employee) -> Self:
        """Groups whose posts, members and files `employee` may read: open ones and the own."""
        return self.standing().filter(Q(privacy="open") | members_only(employee))

    def of_member(self, employee: Employee) -> Self:
        """Groups `employee` is a member of."""
        return self.standing().filter(members_only(employee))

    def standing(self) -> Self:
        """Groups that have not been closed down, archived ones included."""
        return self.filter(closed_at__isnull=True)

    def live(self) -> Self:
        """Groups that have been neither archived nor closed down."""
        return self.standing().filter(archived_at__isnull=True)

    def reopenable_by(self, employee: Employee) -> Self:
        """Groups that were closed down lately and that `employee`, an owner, may open again; the latest first."""
        owned = employee.memberships.filter(role="owner").values("group_id")
        since = timezone.now() - datetime.timedelta(days=REOPEN_DAYS)
        return self.filter(closed_at__gt=since, pk__in=owned).order_by("-closed_at", "pk")

    def past_reopening(self) -> Self:
        """Groups that were closed down so long ago that nobody can open them again."""
        return self.filter(closed_at__lte=timezone.now() - datetime.timedelta(days=REOPEN_DAYS))

    def unconfirmed(self) -> Self:
        """Live groups of which no owner has said for a year that they are in use."""
        return self.live().filter(in_use_at__lt=timezone.now() - datetime.timedelta(days=IN_USE_DAYS))

    def orphaned(self) -> Self:
        """Groups none of whose owners works here any more."""
        membership = self.model._meta.get_field("memberships").related_model
        owners = membership._base_manager.filter(group=OuterRef("pk"), role="owner", employee__is_active=True)
        return self.standing().filter(~Exists(owners))

    def with_member_count(self) -> Self:
        """Add `member_count`: active members, counted in the same query."""
        membership = self.model._meta.get_field("memberships").related_model
        counted = (
            membership._base_manager.filter(group=OuterRef("pk"), employee__is_active=True)
            .order_by()
            .values("group")
            .annotate(number=Count("pk"))
            .values("number")
        )
        return self.annotate(
            member_count=models.functions.Coalesce(models.Subquery(counted), 0, output_field=models.IntegerField())
        )

    def with_ties_of(self, employee: Employee) -> Self:
        """Add `is_member`, `is_following` and `is_invited`, in the same query."""
        here = {"group": OuterRef("pk")}
        mine: Any = employee.memberships.filter(**here)
        followed: Any = employee.followed_groups.filter(**here)
        invited: Any = employee.group_invitations.filter(**here, answered_at__isnull=True)
        return self.annotate(is_member=Exists(mine), is_following=Exists(followed), is_invited=Exists(invited))

    def by_name(self) -> Self:
        """Ordered as Norwegians sort names."""
        return self.annotate(name_key=NameKey("name")).order_by("name_key", "pk")

    def with_words(self, text: str) -> Self:
        """Groups with every word of `text` in name or purpose; those with it in the name first."""
        found = self
        for word in text.replace("\x00", "").split()[:6]:
            found = found.filter(Q(name__icontains=word) | Q(purpose__icontains=word))
        return found.annotate(likeness=TrigramSimilarity("name", text.replace("\x00", "")[:120])).order_by(
            "-likeness", "pk"
        )

    def named_like(self, name: str) -> Self:
        """Groups whose name resembles `name`, most alike first."""
        wanted = name.replace("\x00", "")[:120]
        return (
            self.annotate(likeness=TrigramSimilarity("name", wanted))
            .filter(Q(likeness__gte=0.35) | Q(name__icontains=wanted))
            .order_by("-likeness", "pk")
        )

    def suggested_to(self, employee: Employee) -> Self:
        """Live open groups of colleagues: `colleague_count` in the own unit, `peer_count` with the own job.

        Those with most from the own unit come first. Only groups that may be joined and whose members anyone may
        read: a suggestion tells nothing that was closed.
        """
        job = employee.primary_employment
        if job is None:
            return self.none()
        near = Q(memberships__employee__primary_employment__unit=job.unit_id)
        # Not the groups of the units they happen to work in.
        alike = Q(memberships__employee__primary_employment__job_family=job.job_family_id, unit=None)
        # Filtered first, so that the join that counts begins with these colleagues, not with every membership.
        return (
            self.live()
            .filter(~members_only(employee), privacy="open", sensitive=False, joining__in=["anyone", "request"])
            .filter(
                near | alike if job.job_family_id else near,
                memberships__employee__is_active=True,
                memberships__employee__protected=False,
            )
            .annotate(
                colleague_count=Count("memberships", filter=near),
                peer_count=Count("memberships", filter=alike) if job.job_family_id else Value(0),
            )
            .order_by("-colleague_count", "-peer_count", "pk")
        )

    def shared_by(self, viewer: Employee, other: Employee) -> Self:
        """Groups both are members of and that `viewer` may be shown; sensitive ones never."""
        return self.live().of_member(viewer).of_member(other).filter(sensitive=False)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self) -> Self:
        """Memberships of people who work here."""
        return self.filter(employee__is_active=True)

    def standing(self) -> Self:
        """Memberships of groups that have not been closed down."""
        return self.filter(group__closed_at__isnull=True)

    def visible_to(self, employee: Employee) -> Self:
        """Memberships `employee` may know of: the own, and those of groups whose members may be read."""
        model: Any = self.model._meta.get_field("group").related_model
        return self.filter(group__in=model.objects.readable_by(employee))

    def helpers_first(self) -> Self:
        """Owners, then moderators, then members by name, with each person's job.

        Those with a protected address stand last: where they stood among the names would tell theirs.
        """
        protected = When(employee__protected=True, then=Value(""))
        return (
            self.select_related("employee__primary_employment__unit")
            .annotate(rank=role_rank(), shown_key=Case(protected, default=F("employee__sort_key")))
            .order_by("rank", "employee__protected", "shown_key", "pk")
        )

    def named(self, text: str) -> Self:
        """Those of people whose shown name holds every word of `text`."""
        found = self.filter(employee__protected=False)
        for word in fold(text).split()[:6]:
            found = found.filter(employee__folded_name__contains=word)
        return found

    def helpers(self) -> Self:
        """Those who run the group: owners first, then moderators."""
        return self.filter(role__in=["owner", "moderator"]).order_by("-role", "pk")

    def by_group_name(self) -> Self:
        """In the order of the groups' names, with each group."""
        return self.select_related("group__unit").annotate(name_key=NameKey("group__name")).order_by("name_key", "pk")


class MembershipRequestQuerySet(models.QuerySet["MembershipRequest"]):
    def unanswered(self) -> Self:
        """Those that wait for an answer, from people who still work here."""
        return self.filter(answered_at__isnull=True, employee__is_active=True)

    def answerable_by(self, employee: Employee) -> Self:
        """Waiting requests in groups `employee` owns or moderates."""
        run = employee.memberships.filter(role__in=["owner", "moderator"], reading_until=None)
        return self.unanswered().filter(group__in=run.values("group_id"), group__closed_at__isnull=True)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def waiting(self) -> Self:
        """Those that have not been answered, into groups that can be joined, to people who work here."""
        live = Q(group__closed_at__isnull=True, group__archived_at__isnull=True)
        return self.filter(live, answered_at__isnull=True, employee__is_active=True)

    def visible_to(self, employee: Employee) -> Self:
        """The waiting ones `employee` has been sent."""
        return self.waiting().filter(employee=employee)


class TakeoverQuerySet(models.QuerySet["Takeover"]):
    def standing(self) -> Self:
        """Those of people who work here and are still members."""
        mine: Any = self.model._meta.get_field("group").related_model
        member = mine._meta.get_field("memberships").related_model.objects.active()
        return self.filter(Exists(member.filter(group=OuterRef("group"), employee=OuterRef("employee"))))


def role_rank() -> Case:
    """Return what orders memberships with owners first, then moderators."""
    return Case(When(role="owner", then=0), When(role="moderator", then=1), default=2)


class NameKey(Func):
    """A name as Norwegians sort it, whatever the database's collation: æ, ø and å after z."""

    function = "TRANSLATE"
    template = "%(function)s(%(expressions)s, 'æäøöå', '{{||}') COLLATE \"C\""
    output_field = models.TextField()

    def __init__(self, name: str, **extra: Any) -> None:
        super().__init__(Lower(name), **extra)
