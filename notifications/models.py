from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from core.public_ids import PublicIdField
from notifications.querysets import DeliveryQuerySet, FanOutQuerySet, NotificationQuerySet


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

    objects: ClassVar[NotificationQuerySet] = NotificationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.UniqueConstraint("recipient", "kind", "event_key", name="notification_once")]
        indexes = [
            models.Index(fields=["recipient", "-created_at", "-id"], name="notification_inbox"),
            models.Index(fields=["recipient"], name="notification_unread", condition=models.Q(read_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.recipient_id}"


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
            )
        ]

    def __str__(self) -> str:
        return f"{self.job} {self.key}: {self.state}"


class Delivery(models.Model):
    """One message to one person over one channel, exactly once."""

    class Channel(models.TextChoices):
        EMAIL = "email"
        PUSH = "push"
        SMS = "sms"

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        SKIPPED = "skipped"
        FAILED = "failed"

    recipient = models.ForeignKey("directory.Employee", models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=5, choices=Channel.choices)
    kind = models.CharField(max_length=40)
    event_key = models.CharField(max_length=80)
    target_id = models.BigIntegerField(null=True, blank=True)
    facts: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    not_before = models.DateTimeField(default=timezone.now)
    leased_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[DeliveryQuerySet] = DeliveryQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [models.UniqueConstraint("recipient", "event_key", "channel", name="delivery_once")]
        indexes = [
            models.Index(
                fields=["channel", "not_before", "id"], name="delivery_due", condition=models.Q(state="waiting")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.event_key} to {self.recipient_id}: {self.state}"


class ChannelState(models.Model):
    """How one channel fares, for all who send over it: whether it rests, since when it fails, how fast it may go."""

    channel = models.CharField(max_length=5, primary_key=True, choices=Delivery.Channel.choices)
    # Nothing is taken up before this: the server was away, or asked for patience.
    paused_until = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    # The messages taken up so far fill the pace up to this moment.
    paced_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.channel}: {'failing' if self.failing_since else 'well'}"


class RefusedAddress(models.Model):
    """An address that the mail server says there is nobody at: it gets nothing until HR has another, or for a while."""

    employee = models.OneToOneField(
        "directory.Employee", models.CASCADE, primary_key=True, related_name="refused_address"
    )
    address = models.CharField(max_length=254)
    answer = models.CharField(max_length=300)
    refused_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "refused addresses"

    def __str__(self) -> str:
        return f"{self.address}: {self.answer}"


class Preference(models.Model):
    """A person's choice for one kind on one channel, where it differs from the kind's default."""

    employee = models.ForeignKey("directory.Employee", models.CASCADE, related_name="notification_preferences")
    kind = models.CharField(max_length=40)
    channel = models.CharField(max_length=5, choices=Delivery.Channel.choices)
    wanted = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint("employee", "kind", "channel", name="preference_once")]

    def __str__(self) -> str:
        return f"{self.employee_id} {self.kind} {self.channel}: {self.wanted}"
