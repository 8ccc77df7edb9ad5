"""The named reads of groups and memberships."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q

if TYPE_CHECKING:
    from directory.models import Employee
    from groups.models import Group, Membership  # noqa: F401


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

    def shared_by(self, viewer: Employee, other: Employee) -> Self:
        """Groups both are members of and that `viewer` may be shown; sensitive ones never."""
        return self.live().of_member(viewer).of_member(other).filter(sensitive=False)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self) -> Self:
        """Memberships of people who work here."""
        return self.filter(employee__is_active=True)

    def helpers_first(self) -> Self:
        """Owners, then moderators, then members by name."""
        rank = models.Case(models.When(role="owner", then=0), models.When(role="moderator", then=1), default=2)
        return self.order_by(rank, "employee__sort_key", "pk")
