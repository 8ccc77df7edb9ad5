from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.public_ids import PublicIdField
from onboarding.querysets.corrections import CorrectionQuerySet


class Correction(models.Model):
    """«Something wrong?»: what somebody says is wrong about a person, for HR to look at."""

    public_id = PublicIdField()
    employee = models.ForeignKey("directory.Employee", models.CASCADE, related_name="corrections")
    reported_by = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")
    text = models.TextField()
    reported_at = models.DateTimeField(default=timezone.now)
    answer = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")

    objects: ClassVar[CorrectionQuerySet] = CorrectionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [models.Index(fields=["reported_at"], condition=Q(settled_at=None), name="correction_open")]

    def __str__(self) -> str:
        return f"correction {self.public_id}"
