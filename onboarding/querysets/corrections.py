"""The named reads of corrections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from core.pagination import Cursor
from directory.models import Employee

if TYPE_CHECKING:
    from onboarding.models import Correction  # noqa: F401


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def visible_to(self, employee: Employee) -> Self:
        """Reports `employee` may read: those one may answer, and one's own about people one may see."""
        if employee.has_perm("onboarding.answer_corrections"):
            return self
        return self.filter(reported_by=employee, employee__in=Employee.objects.visible_to(employee))

    def to_answer(self, employee: Employee) -> Self:
        """Reports `employee` may answer: HR every one."""
        return self if employee.has_perm("onboarding.answer_corrections") else self.none()

    def waiting(self, after: Cursor | None = None) -> Self:
        """Those nobody has answered, the oldest first, from a place on."""
        found = self.filter(settled_at__isnull=True).order_by("reported_at", "pk")
        if after is None:
            return found
        return found.filter(Q(reported_at__gt=after.at) | Q(reported_at=after.at, pk__gt=after.id))

    def settled(self, before: Cursor | None = None) -> Self:
        """Those that were answered, the latest first, from a place on."""
        found = self.filter(settled_at__isnull=False).order_by("-settled_at", "-pk")
        if before is None:
            return found
        return found.filter(Q(settled_at__lt=before.at) | Q(settled_at=before.at, pk__lt=before.id))

    def newest_first(self) -> Self:
        """The latest first."""
        return self.order_by("-reported_at", "-pk")

    def with_people(self) -> Self:
        """Fetch whom it is about, who said it and who answered in the same query."""
        return self.select_related("employee__primary_employment__unit", "reported_by", "settled_by")
