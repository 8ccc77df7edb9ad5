from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from directory.querysets import AbsenceQuerySet


class Absence(models.Model):
    """What a person says of being away, and whom to ask meanwhile. Never why: that is nobody's business here."""

    employee = models.OneToOneField("directory.Employee", models.CASCADE, related_name="absence", primary_key=True)
    start_date = models.DateField()
    # The last day away.
    end_date = models.DateField()
    stand_in = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")

    objects: ClassVar[AbsenceQuerySet] = AbsenceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(end_date__gte=F("start_date")), name="absence_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.employee_id} until {self.end_date}"
