"""The named reads of groups and memberships."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.search import TrigramSimilarity
from django.db import models
from django.db.models import Case, Count, Exists, F, Func, OuterRef, Q, Value, When
from django.db.models.functions import Lower

from core.text import fold

if TYPE_CHECKING:
    from directory.models import Employee
    from groups.models import Group, Membership, MembershipRequest  # noqa: F401


def members_only(employee: Employee) -> Q:
    """A condition on groups: `employee` is a member."""
    return Q(pk__in=employee.memberships.values("group_id"))


class GroupQuerySet(models.QuerySet["Group"]):
    def visible_to(self, employee: Employee) -> Self:
        """Groups `employee` may know of: all but the secret ones of others."""
        return self.filter(~Q(privacy="secret") | members_only(employee))

    def readable_by(self, employee: Employee) -> Self:
        """Groups whose posts, members and files `employee` may read: open ones and the own."""
        return self.filter(Q(privacy="open") | members_only(employee))

    def of_member(self, employee: Employee) -> Self:
        """Groups `employee` is a member of."""
        return self.filter(members_only(employee))

    def live(self) -> Self:
        """Groups that have not been archived."""
        return self.filter(archived_at__isnull=True)

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

    def with_membership_of(self, employee: Employee) -> Self:
        """Add `is_member`, in the same query."""
        mine: Any = employee.memberships.filter(group=OuterRef("pk"))
        return self.annotate(is_member=Exists(mine))

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
        """Live open groups that colleagues in the same unit are in, with `colleague_count`, most first.

        Only open groups, whose members anyone may read: a suggestion tells nothing that was closed.
        """
        if employee.primary_employment is None:
            return self.none()
        # Filtered first, so that the join that counts begins with the few colleagues, not with every membership.
        return (
            self.live()
            .filter(~members_only(employee), privacy="open", sensitive=False)
            .filter(
                memberships__employee__is_active=True,
                memberships__employee__protected=False,
                memberships__employee__primary_employment__unit=employee.primary_employment.unit_id,
            )
            .annotate(colleague_count=Count("memberships"))
            .order_by("-colleague_count", "pk")
        )

    def shared_by(self, viewer: Employee, other: Employee) -> Self:
        """Groups both are members of and that `viewer` may be shown; sensitive ones never."""
        return self.live().of_member(viewer).of_member(other).filter(sensitive=False)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self) -> Self:
        """Memberships of people who work here."""
        return self.filter(employee__is_active=True)

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
        run = employee.memberships.filter(role__in=["owner", "moderator"])
        return self.unanswered().filter(group__in=run.values("group_id"))


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
