from __future__ import annotations

from django.db import models


class FormerPhoto(models.Model):
    """The portrait a person had until a moment ago, kept for as long as the change can be taken back."""

    employee = models.OneToOneField("directory.Employee", models.CASCADE, related_name="former_photo", primary_key=True)
    # "" where there was none: to take back a first portrait is to remove it.
    photo = models.CharField(max_length=64, blank=True)
    kept_until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.employee_id} until {self.kept_until}"
