"""Taking messages from the delivery ledger: each once, by one at a time, looked over again at the moment it is sent."""

from __future__ import annotations

import datetime
import logging
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation

from directory.models import Employee
from notifications.channels import states
from notifications.kinds import Bundle, NotificationKind, kinds
from notifications.models import Delivery, Notification
from notifications.preferring import listening
from notifications.quiet import put_off

logger = logging.getLogger(__name__)

# Longer than the slowest server may take over one message; it is renewed for each as its turn comes.
LEASE = datetime.timedelta(seconds=75)
# Tried for some six hours: a full mailbox, or a server that wants to be asked again, is given that time.
MAX_ATTEMPTS = 12
FIRST_PAUSE, LONGEST_PAUSE = datetime.timedelta(minutes=1), datetime.timedelta(hours=1)
LONGEST_PATIENCE = datetime.timedelta(days=1)
# A stretch of sending lasts no longer, and the message in hand: then others get their turn of this process.
STRETCH_SECONDS = 5.0
# What sending one changes of it.
STORED = ["state", "conversation", "sent_at", "attempts", "last_error", "not_before", "leased_until"]

# Hands one message over and says whether it went; False where it should no longer go.
Send = Callable[[Delivery], bool]


class RefusedForGoodError(Exception):
    """The server has looked at the message and will never take it: it is not tried again."""


class TryLaterError(Exception):
    """The server wants this message later, not before `after` where it says so."""

    def __init__(self, text: str, after: datetime.timedelta | None = None) -> None:
        super().__init__(text)
        self.after = after


class NotYetError(Exception):
    """A rule of our own says not before `moment`: nothing has been tried, so nothing is counted."""

    def __init__(self, moment: datetime.datetime) -> None:
        super().__init__(str(moment))
        self.moment = moment


class ChannelAwayError(Exception):
    """The server takes nothing at all now: no message is counted as tried, and all wait until it may be back.

    With `in_hand` the line broke over a message, which may be why: that one is counted, and comes later than others.
    """

    def __init__(self, text: str, after: datetime.timedelta | None = None, *, in_hand: bool = False) -> None:
        super().__init__(text)
        self.after = after
        self.in_hand = in_hand


class About(NamedTuple):
    """What a message is made of."""

    reader: Employee
    kind: NotificationKind[Any]
    bundle: Bundle
    target: Any


def send_claimed(channel: str, limit: int, send: Send) -> int:
    """Take up to `limit` messages that are due on `channel`, have each sent, and return how many were taken up.

    Where `send` raises ChannelAwayError, those still to come are let go and the channel rests. So they are when a slow
    server has had its time.
    """
    claimed, began = claim(channel, limit), time.monotonic()
    was_sent = False
    for number, delivery in enumerate(claimed):
        if number and time.monotonic() - began > STRETCH_SECONDS:
            _let_go(claimed[number:])
            states.note_time(channel, (time.monotonic() - began) / number)
            return number
        if not still_mine(delivery):
            continue
        try:
            settle(delivery, send)
        except ChannelAwayError as error:
            logger.warning("%s rests: %s", channel, error)
            _let_go(claimed[number:])
            states.rest(channel, error, error.after)
            return number
        if delivery.state == Delivery.State.SENT and not was_sent:
            was_sent = True
            states.note_well(channel)
    if was_sent:
        states.note_time(channel, (time.monotonic() - began) / len(claimed))
    return len(claimed)


def claim(channel: str, limit: int) -> list[Delivery]:
    """Take up to `limit` messages of `channel` that are due, for as long as the lease lasts: as many as may go now.

    What is critical before what is essential, that before the rest.
    """
    if states.is_resting(channel):
        return []
    with transaction.atomic():
        ids = _due(channel, limit)
        ids = ids[: states.take(channel, len(ids))]
        Delivery.objects.filter(pk__in=ids).update(leased_until=timezone.now() + LEASE)
    return list(Delivery.objects.filter(pk__in=ids).order_by("priority", "pk"))


def _due(channel: str, limit: int) -> list[int]:
    """Hold the next that may go now; those for whom it has turned quiet wait, and stand in nobody's way."""
    while True:
        due = Delivery.objects.due().filter(channel=channel)
        ids = list(due.select_for_update(skip_locked=True).values_list("pk", flat=True)[:limit])
        quiet_now = put_off(ids)
        if not quiet_now or len(quiet_now) < len(ids):
            return [pk for pk in ids if pk not in quiet_now]


def still_mine(delivery: Delivery) -> bool:
    """Renew the lease, unless another worker has taken the message up since."""
    mine = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.WAITING, leased_until=delivery.leased_until)
    delivery.claimed_until, delivery.leased_until = delivery.leased_until, timezone.now() + LEASE
    return mine.update(leased_until=delivery.leased_until) == 1


def about(delivery: Delivery) -> About | None:
    """Return what the message is about, or None when it should no longer go.

    Its reader has left, may not see it, has read it already, or wants none of it by now.
    """
    # Read now and not when the messages were claimed: whoever has left since gets nothing.
    reader, kind = delivery.recipient, kinds.get(delivery.kind)
    if not reader.is_active or not _is_wanted(delivery, kind):
        return None
    stored = Notification.objects.filter(recipient=reader, kind=delivery.kind, event_key=delivery.event_key).first()
    if stored and stored.read_at:
        return None
    target = kind.visible_targets(reader, [delivery.target_id or 0]).get(delivery.target_id or 0)
    if target is None:
        return None
    kind.before_sent(delivery, target)
    if not kind.is_still_due(reader, target):
        return None
    return About(reader, kind, Bundle(stored or _unstored(delivery), unread=True), target)


def _is_wanted(delivery: Delivery, kind: NotificationKind[Any]) -> bool:
    if delivery.priority == Delivery.Priority.CRITICAL or kind.is_essential:
        return True
    reader = Employee.objects.filter(pk=delivery.recipient_id)
    return listening(reader, delivery.kind, delivery.channel, delivery.places or ()).exists()


def settle(delivery: Delivery, send: Send) -> None:
    """Have the message sent in the recipient's language, and store what became of it.

    Raises ChannelAwayError again, after it has let go of the message.
    """
    try:
        with translation.override(delivery.recipient.language or settings.LANGUAGE_CODE):
            went = send(delivery)
        delivery.state = Delivery.State.SENT if went else Delivery.State.SKIPPED
        delivery.sent_at = timezone.now() if went else None
    except ChannelAwayError as error:
        if error.in_hand:
            _postpone(delivery, error)
        _store(delivery)
        raise
    except NotYetError as error:
        delivery.not_before = error.moment
    except Exception as error:
        _postpone(delivery, error)
    _store(delivery)
    if delivery.state == Delivery.State.SENT:
        kinds.get(delivery.kind).after_sent(delivery)


def _store(delivery: Delivery) -> None:
    delivery.leased_until = None
    delivery.save(update_fields=STORED)


def _let_go(claimed: list[Delivery]) -> None:
    """Leave those whose turn had not come to whoever comes first; their leases are still as they were claimed."""
    for lease in {delivery.leased_until for delivery in claimed}:
        mine = [delivery.pk for delivery in claimed if delivery.leased_until == lease]
        Delivery.objects.filter(pk__in=mine, leased_until=lease).update(leased_until=None)


def _postpone(delivery: Delivery, error: Exception) -> None:
    logger.warning("%s %s could not be sent: %s", delivery.channel, delivery.pk, error)
    pause = min(FIRST_PAUSE * 2**delivery.attempts, LONGEST_PAUSE)
    if wished := getattr(error, "after", None):
        pause = max(pause, min(wished, LONGEST_PATIENCE))
    delivery.attempts += 1
    delivery.last_error = f"{type(error).__name__}: {error}"[:300]
    delivery.not_before = timezone.now() + pause
    if delivery.attempts >= MAX_ATTEMPTS or isinstance(error, RefusedForGoodError):
        delivery.state = Delivery.State.FAILED


def _unstored(delivery: Delivery) -> Notification:
    return Notification(
        recipient=delivery.recipient,
        kind=delivery.kind,
        event_key=delivery.event_key,
        actor_id=delivery.actor_id,
        facts=delivery.facts,
    )
