from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from core.public_ids import PublicIdField
from directory.querysets import EmploymentQuerySet


class JobFamily(models.Model):
    """Job titles that belong together whatever an agency calls them: nurses, drivers, teachers."""

    public_id = PublicIdField()
    name = models.CharField(max_length=120, unique=True)

    class Meta:
        verbose_name_plural = "job families"

    def __str__(self) -> str:
        return self.name


class JobFamilyMapping(models.Model):
    """Which family a position code, or else a tidied title, belongs to. Kept by HR."""

    key = models.CharField(max_length=120, unique=True)
    job_family = models.ForeignKey(JobFamily, models.CASCADE, related_name="mappings")

    def __str__(self) -> str:
        return self.key


class Workplace(models.Model):
    """A place people work: a care home, a school, a depot."""

    public_id = PublicIdField()
    name = models.CharField(max_length=160, unique=True)
    address = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.name


class Employment(models.Model):
    """One job one person holds. City staff often hold two; a move is an ended row and a new one."""

    employee = models.ForeignKey("directory.Employee", models.CASCADE, related_name="employments")
    unit = models.ForeignKey("directory.OrgUnit", models.PROTECT, related_name="employments")
    position_code = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=160)
    # What tells two jobs of one person in one unit apart: the position code, or the title tidied.
    position_key = models.CharField(max_length=160)
    job_family = models.ForeignKey(JobFamily, models.SET_NULL, null=True, blank=True, related_name="employments")
    workplace = models.ForeignKey(Workplace, models.SET_NULL, null=True, blank=True, related_name="employments")
    manager = models.ForeignKey(
        "directory.Employee", models.SET_NULL, null=True, blank=True, related_name="managed_employments"
    )
    kind = models.CharField(max_length=60, blank=True)
    percentage = models.DecimalField(max_digits=5, decimal_places=2, default=Decimal("100"))
    start_date = models.DateField()
    end_date = models.DateField(null=True, blank=True)
    leave_until_date = models.DateField(null=True, blank=True)
    # Who owns the row: a file run never ends what another source owns.
    source = models.CharField(max_length=20, default="file")

    objects: ClassVar[EmploymentQuerySet] = EmploymentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "employee",
                "unit",
                "position_key",
                "start_date",
                name="employment_once_per_position_and_start",
            ),
            models.CheckConstraint(
                condition=Q(end_date__isnull=True) | Q(end_date__gte=F("start_date")),
                name="employment_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.unit_id}"
