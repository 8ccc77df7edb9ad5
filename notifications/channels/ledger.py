"""Taking messages from the delivery ledger: each once, by one at a time, looked over again at the moment it is sent."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation

from directory.models import Employee
from notifications.kinds import Bundle, NotificationKind, kinds
from notifications.models import Delivery, Notification

logger = logging.getLogger(__name__)

# Longer than the slowest server may take over one message; it is renewed for each as its turn comes.
LEASE = datetime.timedelta(seconds=75)
MAX_ATTEMPTS = 8


class RefusedForGoodError(Exception):
    """The server has looked at the message and will never take it: it is not tried again."""


class About(NamedTuple):
    """What a message is made of."""

    reader: Employee
    kind: NotificationKind[Any]
    bundle: Bundle
    target: Any


def claim(channel: str, limit: int) -> list[Delivery]:
    """Take up to `limit` messages of `channel` that are due, for as long as the lease lasts."""
    with transaction.atomic():
        due = Delivery.objects.due().filter(channel=channel)
        ids = list(due.select_for_update(skip_locked=True).values_list("pk", flat=True)[:limit])
        Delivery.objects.filter(pk__in=ids).update(leased_until=timezone.now() + LEASE)
    return list(Delivery.objects.filter(pk__in=ids).select_related("recipient").order_by("pk"))


def still_mine(delivery: Delivery) -> bool:
    """Renew the lease, unless another worker has taken the message up since."""
    mine = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.WAITING, leased_until=delivery.leased_until)
    delivery.leased_until = timezone.now() + LEASE
    return mine.update(leased_until=delivery.leased_until) == 1


def about(delivery: Delivery) -> About | None:
    """Return what the message is about, or None when it should no longer go: left, not to be seen, or read already."""
    reader, kind = delivery.recipient, kinds.get(delivery.kind)
    if not reader.is_active:
        return None
    stored = Notification.objects.filter(recipient=reader, kind=delivery.kind, event_key=delivery.event_key).first()
    if stored and stored.read_at:
        return None
    target = kind.visible_targets(reader, [delivery.target_id or 0]).get(delivery.target_id or 0)
    if target is None or not kind.is_still_due(reader, target):
        return None
    return About(reader, kind, Bundle(stored or _unstored(delivery), set(), unread=True), target)


def settle(delivery: Delivery, send: Callable[[], bool]) -> None:
    """Have the message sent in the recipient's language, and store what became of it; `send` says whether it went."""
    try:
        with translation.override(delivery.recipient.language or settings.LANGUAGE_CODE):
            went = send()
        delivery.state = Delivery.State.SENT if went else Delivery.State.SKIPPED
        delivery.sent_at = timezone.now() if went else None
    except Exception as error:
        _postpone(delivery, error)
    delivery.leased_until = None
    delivery.save(update_fields=["state", "sent_at", "attempts", "last_error", "not_before", "leased_until"])
    if delivery.state == Delivery.State.SENT:
        kinds.get(delivery.kind).after_sent(delivery)


def _postpone(delivery: Delivery, error: Exception) -> None:
    logger.warning("%s %s could not be sent: %s", delivery.channel, delivery.pk, error)
    delivery.attempts += 1
    delivery.last_error = f"{type(error).__name__}: {error}"[:300]
    delivery.not_before = timezone.now() + datetime.timedelta(seconds=30 * 2**delivery.attempts)
    if delivery.attempts >= MAX_ATTEMPTS or isinstance(error, RefusedForGoodError):
        delivery.state = Delivery.State.FAILED


def _unstored(delivery: Delivery) -> Notification:
    return Notification(
        recipient=delivery.recipient, kind=delivery.kind, event_key=delivery.event_key, facts=delivery.facts
    )
