"""The named reads of where help is found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from onboarding.querysets.arrivals import KEEPERS, in_branches

if TYPE_CHECKING:
    from directory.models import Employee, OrgUnit
    from onboarding.models import LocalHelp  # noqa: F401


class LocalHelpQuerySet(models.QuerySet["LocalHelp"]):
    def visible_to(self, employee: Employee) -> Self:
        """What holds in the units `employee` looks after; everybody else meets it on their own welcome page."""
        return self.filter(in_branches("unit", employee.role_paths(*KEEPERS)))

    def above(self, unit: OrgUnit) -> Self:
        """What is said for the unit and for those above it, the nearest first."""
        return self.filter(unit__in=unit.ancestor_ids()).select_related("unit").order_by("-unit__depth")
