from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from core.public_ids import PublicIdField
from notifications.querysets import NotificationQuerySet


class Notification(models.Model):
    """Something told to one person. Holds ids, never what was written: the kind looks that up when it is shown."""

    public_id = PublicIdField()
    recipient = models.ForeignKey("directory.Employee", models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=40)
    # What happened, once per recipient whatever is run twice: "comment:123".
    event_key = models.CharField(max_length=80)
    # What is shown as one line in the inbox: «Ritu and 5 others liked …».
    bundle_key = models.CharField(max_length=80, blank=True)
    actor = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")
    target_id = models.BigIntegerField(null=True, blank=True)
    facts: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)
    # With `newest_of_bundles`: whether everything bundled with it has been read.
    is_read: bool

    objects: ClassVar[NotificationQuerySet] = NotificationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.UniqueConstraint("recipient", "kind", "event_key", name="notification_once")]
        indexes = [
            models.Index(fields=["recipient", "-created_at", "-id"], name="notification_inbox"),
            models.Index(fields=["recipient"], name="notification_unread", condition=models.Q(read_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.recipient_id}"
