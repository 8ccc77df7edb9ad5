"""Storing digests when their hour has come, and taking into one what waited to be mailed by itself."""

from __future__ import annotations

import datetime
import time
from typing import Any

from django.db.models import Exists, JSONField, OuterRef, Q, Value
from django.utils import timezone

from core.database import insert_select
from core.queues import enqueue
from notifications import tasks
from notifications.channels import email
from notifications.digests.reading import KIND, Stretch, number_of
from notifications.kinds import kinds
from notifications.models import Delivery, Notification, NotificationSettings
from notifications.sweeping import rounds

Frequency = NotificationSettings.Digest
# Why a message of its own was not sent.
ABSORBED = "told in the digest"
# Where nothing could be done at its hour, a digest still comes so many hours later, and not in the evening.
STILL_AFTER_HOURS = 6
# What has been written but not committed at that moment is in the next one.
SETTLED_AFTER = datetime.timedelta(minutes=2)
LOOKED_FOR_EVERY_SECONDS = 60.0
MONDAY = 0


def prepare_digests() -> int:
    """Store a digest for everyone whose hour has come today; return how many were new.

    Each once a day or week by the organisation's calendar, whatever is run twice and however the clocks are changed:
    an hour that is left out counts as the next, and one that comes twice as one.
    """
    if not email.is_on():
        return 0
    now = timezone.localtime(timezone=timezone.get_default_timezone())
    stored = _store(Frequency.DAILY, f"{KIND}:{now.date()}", now)
    if now.weekday() == MONDAY:
        stored += _store(Frequency.WEEKLY, f"{KIND}:{now:%G-W%V}", now)
    if stored:
        enqueue(tasks.send_due_emails)
    return stored


def _store(frequency: str, event_key: str, now: datetime.datetime) -> int:
    values: dict[str, Any] = {
        "channel": Delivery.Channel.EMAIL.value,
        "kind": KIND,
        "event_key": event_key,
        "target_id": number_of(now - SETTLED_AFTER),
        # Its hour is the person's own choice, whatever is quiet then.
        "is_urgent": True,
        "state": Delivery.State.WAITING.value,
        "attempts": 0,
        "last_error": "",
        "not_before": now,
        "created_at": now,
    }
    rows = _whose_hour_has_come(frequency, now).values_list(
        "employee_id", Value({}, output_field=JSONField()), *(Value(value) for value in values.values())
    )
    return insert_select(Delivery._meta.db_table, ["recipient_id", "facts", *values], rows)


def _whose_hour_has_come(frequency: str, now: datetime.datetime) -> Any:
    chosen = NotificationSettings.objects.filter(
        digest=frequency, digest_hour__lte=now.hour, digest_hour__gt=now.hour - STILL_AFTER_HOURS
    )
    here = chosen.filter(employee__is_active=True, employee__email__isnull=False)
    awake = here.filter(Q(paused_until__isnull=True) | Q(paused_until__lte=now))
    # One that could not be sent yet tells of these hours too when it goes, and the next one of what comes after.
    waiting = Delivery.objects.filter(recipient=OuterRef("employee"), kind=KIND, state=Delivery.State.WAITING)
    return awake.exclude(Exists(waiting)).order_by()


def absorb(digest: Delivery, stretch: Stretch) -> None:
    """Let what waits to be mailed later, and is told in the stretch of `digest`, be told there instead.

    What goes at once or cannot be turned off goes by itself all the same; so does what is being sent now, or was tried
    before and may have come.
    """
    later = [key for key, kind in kinds.items() if kind.email_after and not kind.is_essential]
    new = Notification.objects.visible_to(digest.recipient).unread().filter(kind__in=later)
    told = new.filter(created_at__gt=stretch.since, created_at__lte=stretch.until)
    mails = Delivery.objects.filter(recipient=digest.recipient, channel=Delivery.Channel.EMAIL, kind__in=later)
    untouched = mails.filter(state=Delivery.State.WAITING, attempts=0, leased_until__isnull=True)
    in_digest = Exists(told.filter(kind=OuterRef("kind"), event_key=OuterRef("event_key")))
    untouched.filter(in_digest).update(state=Delivery.State.SKIPPED, last_error=ABSORBED)


class _DigestRound:
    """Looks once a minute whose hour has come."""

    def __init__(self) -> None:
        self._looked_at = 0.0

    def __call__(self) -> int:
        if time.monotonic() - self._looked_at < LOOKED_FOR_EVERY_SECONDS:
            return 0
        self._looked_at = time.monotonic()
        return prepare_digests()


rounds.add("digests", _DigestRound())
