"""The named reads of posts that wait."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.policies import allowed
from groups.models import Group

if TYPE_CHECKING:
    from directory.models import Employee
    from feed.models import PlannedPlacement  # noqa: F401


class PlannedPlacementQuerySet(models.QuerySet["PlannedPlacement"]):
    def visible_to(self, employee: Employee) -> Self:
        """The own ones, and those that wait for `employee` to let them out."""
        decides = Q(pk__in=self.model._default_manager.waiting_for(employee).values("pk"))
        return self.filter(decides | Q(post__author=employee, post__deleted_at=None))

    def of_author(self, employee: Employee) -> Self:
        """Those `employee` wrote: what was sent back first, then in the order they come out."""
        mine = self.filter(post__author=employee, post__deleted_at=None)
        return mine.order_by("returned_at", models.F("publish_at").asc(nulls_last=True), "created_at", "pk")

    def waiting_for(self, employee: Employee) -> Self:
        """Those `employee` may let out of the groups they look after, the oldest first."""
        moderated = allowed(Group.objects.all(), employee, "groups.moderate").values("pk")
        return self.awaiting().filter(group__in=moderated).order_by("created_at", "pk")

    def awaiting(self) -> Self:
        """Those that wait for a moderator."""
        return self.filter(needs_approval=True, returned_at=None, post__deleted_at=None)

    def due(self) -> Self:
        """Those whose time has come."""
        return self.filter(needs_approval=False, returned_at=None, publish_at__lte=timezone.now())

    def with_parts(self) -> Self:
        """Add what their cards need."""
        return self.select_related(
            "group",
            "unit",
            "post__thread",
            "post__thanked",
            "post__poll",
            "returned_by",
            "post__author__primary_employment__unit__agency",
        )
