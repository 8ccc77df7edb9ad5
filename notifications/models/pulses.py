from __future__ import annotations

from django.db import models
from django.utils import timezone


class Pulse(models.Model):
    """When a process that works behind the pages was last heard of."""

    class Process(models.TextChoices):
        SWEEPER = "sweeper"
        WORKER = "worker"

    process = models.CharField(max_length=10, primary_key=True, choices=Process.choices)
    beaten_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.process}: {self.beaten_at}"
