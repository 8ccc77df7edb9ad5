"""The named reads of import runs, rules and enrolments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from core.pagination import Cursor

if TYPE_CHECKING:
    from directory.models import Employee
    from onboarding.models import Correction, Enrolment, EnrolmentRule, ImportRecord, ImportRun, PhotoProposal  # noqa: F401


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def visible_to(self, employee: Employee) -> Self:
        """Runs are for those who bring people in."""
        return self.all() if employee.has_perm("directory.import_people") else self.none()

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


class CorrectionQuerySet(models.QuerySet["Correction"]):
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


class PhotoProposalQuerySet(models.QuerySet["PhotoProposal"]):
    def answerable(self) -> Self:
        """Those whose person works here, has no picture yet and no protected address."""
        return self.filter(employee__is_active=True, employee__photo="", employee__protected=False)
