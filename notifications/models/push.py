from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from core.public_ids import PublicIdField
from notifications.querysets import PushSubscriptionQuerySet


class PushSubscription(models.Model):
    """A browser that shows notifications: where its push service takes them, and for which session it does.

    It counts as long as that session does: whoever is signed out there, by whatever hand, gets nothing there.
    """

    public_id = PublicIdField()
    employee = models.ForeignKey("directory.Employee", models.CASCADE, related_name="push_subscriptions")
    session_key = models.CharField(max_length=40, db_index=True)
    # What the session was signed in with: a new password, or being signed out everywhere, changes it.
    session_hash = models.CharField(max_length=64)
    endpoint = models.CharField(max_length=500, unique=True)
    # The browser's own keys, which only it can open messages with.
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=40)
    # Our public key when it was made; the service takes messages under no other.
    made_for = models.CharField(max_length=100)
    device = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    # When the service last took a message, and since when it has taken none.
    taken_at = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)

    objects: ClassVar[PushSubscriptionQuerySet] = PushSubscriptionQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return f"{self.device} of {self.employee_id}"


class PushQuestion(models.Model):
    """How often a person was asked whether they want notifications on their devices, and said «not now»."""

    employee = models.OneToOneField(
        "directory.Employee", models.CASCADE, primary_key=True, related_name="push_question"
    )
    times = models.PositiveSmallIntegerField(default=0)
    declined_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.employee_id} asked {self.times} times"
