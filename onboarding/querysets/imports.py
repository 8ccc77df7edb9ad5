"""The named reads of import runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from directory.models import Employee
    from onboarding.models import ImportRecord, ImportRun  # noqa: F401


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def visible_to(self, employee: Employee) -> Self:
        """Runs are for those who bring people in."""
        return self.all() if employee.has_perm("directory.import_people") else self.none()

    def told(self) -> Self:
        """Without forms that somebody filled in and never stored."""
        return self.exclude(source="form", state__in=["checking", "checked", "stopped"])

    def newest_first(self) -> Self:
        """The latest run first, with who started it."""
        return self.select_related("created_by").order_by("-created_at", "-pk")


class ImportRecordQuerySet(models.QuerySet["ImportRecord"]):
    def needing_a_look(self) -> Self:
        """Rows that cannot be taken, or that nobody has confirmed though something is odd."""
        return self.filter(Q(status="reject") | Q(status="warn") & ~Q(values__has_key="_confirmed"))

    def ready(self) -> Self:
        """Rows that are taken as they are, and that change something."""
        taken = self.exclude(status="reject").exclude(Q(status="warn") & ~Q(values__has_key="_confirmed"))
        return taken.filter(is_unchanged=False)

    def unchanged(self) -> Self:
        """Rows that say only what is known."""
        return self.filter(is_unchanged=True)
