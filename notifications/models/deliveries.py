from __future__ import annotations

import datetime
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from notifications.querysets import DeliveryQuerySet, RefusedAddressQuerySet


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

    class Priority(models.IntegerChoices):
        """What goes before what when more is due than can go at once."""

        CRITICAL = 0
        ESSENTIAL = 1
        ORDINARY = 2

    recipient = models.ForeignKey("directory.Employee", models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=5, choices=Channel.choices)
    kind = models.CharField(max_length=40)
    event_key = models.CharField(max_length=80)
    target_id = models.BigIntegerField(null=True, blank=True)
    facts: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    # Who did it, for those who have no entry in the inbox that says so.
    actor = models.ForeignKey(
        "directory.Employee",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    # Where it happened, by the names of `PlaceLevel`: what turns quiet before it goes is looked at once more.
    places: ArrayField[Any, Any] = ArrayField(models.CharField(max_length=40), null=True, blank=True)
    # What it belongs together with, filled in when it is sent: see `NotificationKind.conversation`.
    conversation = models.CharField(max_length=40, blank=True, default="", db_default="")
    # It goes in quiet hours too.
    is_urgent = models.BooleanField(default=False, db_default=False)
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, default=Priority.ORDINARY, db_default=2)
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    not_before = models.DateTimeField(default=timezone.now)
    leased_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    # Until when it was held as it was taken up, with others: known while it is in hand, never stored.
    claimed_until: datetime.datetime | None = None

    objects: ClassVar[DeliveryQuerySet] = DeliveryQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [models.UniqueConstraint("recipient", "kind", "event_key", "channel", name="delivery_once")]
        indexes = [
            models.Index(
                fields=["channel", "priority", "not_before", "id"],
                name="delivery_due",
                condition=models.Q(state="waiting"),
            ),
            models.Index(fields=["channel", "kind"], name="delivery_failed", condition=models.Q(state="failed")),
            models.Index(fields=["channel", "sent_at"], name="delivery_sent", condition=models.Q(state="sent")),
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
    """An address that the mail server says there is nobody at.

    It is believed when it has been said for a day (`believed`): until HR has another, or for a while, nothing ordinary
    goes there. A server whose directory is away for an hour says the same.
    """

    employee = models.OneToOneField(
        "directory.Employee", models.CASCADE, primary_key=True, related_name="refused_address"
    )
    address = models.CharField(max_length=254)
    answer = models.CharField(max_length=300)
    first_refused_at = models.DateTimeField(default=timezone.now)
    refused_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[RefusedAddressQuerySet] = RefusedAddressQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name_plural = "refused addresses"

    def __str__(self) -> str:
        return f"{self.address}: {self.answer}"
