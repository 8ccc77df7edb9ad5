"""The named reads of rules and enrolments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from directory.models import Employee
    from onboarding.models import Enrolment, EnrolmentRule  # noqa: F401


class EnrolmentRuleQuerySet(models.QuerySet["EnrolmentRule"]):
    def visible_to(self, employee: Employee) -> Self:
        """Rules are for those who keep them."""
        return self.all() if employee.has_perm("onboarding.keep_rules") else self.none()

    def in_force(self) -> Self:
        """Rules that are switched on."""
        return self.filter(is_active=True)


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def in_force(self) -> Self:
        """Enrolments whose rule still holds for the person, those within their grace period included."""
        return self.filter(ended_at__isnull=True)
