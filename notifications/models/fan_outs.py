from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from notifications.querysets import FanOutQuerySet


class FanOut(models.Model):
    """Work for many people: a row with a state and a cursor, written together with what caused it.

    A worker leases it, goes through it in chunks that are safe to repeat, and moves the cursor. The sweeper takes
    over what stands still.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    job = models.CharField(max_length=60)
    key = models.CharField(max_length=80)
    facts: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    cursor = models.BigIntegerField(default=0)
    done_count = models.PositiveIntegerField(default=0)
    total_count = models.PositiveIntegerField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    not_before = models.DateTimeField(default=timezone.now)
    leased_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[FanOutQuerySet] = FanOutQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.UniqueConstraint("job", "key", name="fan_out_once")]
        indexes = [
            models.Index(
                fields=["not_before"],
                name="fan_out_due",
                condition=models.Q(state__in=["waiting", "running"]),
            ),
            models.Index(fields=["job"], name="fan_out_failed", condition=models.Q(state="failed")),
        ]

    def __str__(self) -> str:
        return f"{self.job} {self.key}: {self.state}"
