"""Notifications on people's devices: encrypted for each browser (RFC 8291) and handed to the push service it named.

Sends from the same ledger as the other channels. A device that took a message is not asked again. A process that dies
may repeat the calls it had in hand, one for each of its senders: a repeated message carries the same topic, tag and
mark, so it takes its own place: with the service while the device is away, and on the screen, without a sound.
"""

from __future__ import annotations

import datetime
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.db.models import Max, Q
from django.utils import timezone
from webpush import WebPush, WebPushSubscription

from core.errors import RefusedError
from core.outbound import Answer, OutboundError, post
from notifications.channels import ledger, vapid
from notifications.channels.push_text import Words, words_of
from notifications.devices.reading import devices_of
from notifications.models import Delivery, PushSubscription

logger = logging.getLogger(__name__)

# How long a service keeps a message for a device that is away. What it keeps nobody can look over again, whatever its
# reader may see by then: so only what is urgent is kept for the next day.
KEPT_SECONDS, URGENT_KEPT_SECONDS = 2 * 60 * 60, 24 * 60 * 60
# One conversation makes a sound no oftener than this.
BETWEEN = datetime.timedelta(minutes=10)
# What came before in the same conversation waits so long to see whether the newer one goes.
GIVEN_WAY = datetime.timedelta(seconds=30)
# A service that did not answer is left alone so long by this process: others need not wait for it.
REST_SECONDS = 30.0
# Each call waits for a service far away; so many are under way at once, where there is enough to do.
MOST_SENDERS = 8
WORTH_A_SENDER = 25
# Where one device has taken it, another is tried so often.
TRIED_FOR_OTHERS = 3
GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
_resting: dict[str, float] = {}


@dataclass(frozen=True)
class Outcome:
    """What came of handing a message to one device: it took it, or why not, and whether it may later."""

    taken: bool = False
    refusal: str = ""
    later: bool = False
    after: datetime.timedelta | None = None

    @property
    def is_gone(self) -> bool:
        """Whether the browser has ended it: the device is no longer there."""
        return not self.taken and not self.refusal


def is_on() -> bool:
    """Say whether anything is pushed at all: no key, no notifications on devices."""
    return bool(settings.VAPID_PRIVATE_KEY)


def send_due(limit: int = 400) -> int:
    """Send up to `limit` messages that are due and return how many were taken up: many of them side by side."""
    if not is_on():
        return 0
    due = Delivery.objects.due().filter(channel=Delivery.Channel.PUSH)[:limit].count()
    senders = min(MOST_SENDERS, due // WORTH_A_SENDER)
    if senders < 2:
        return _send_some(limit)
    with ThreadPoolExecutor(senders) as pool:
        return sum(pool.map(_send_beside, [-(-limit // senders)] * senders))


def _send_beside(limit: int) -> int:
    try:
        return _send_some(limit)
    finally:
        connection.close()


def _send_some(limit: int) -> int:
    return ledger.send_claimed(Delivery.Channel.PUSH, limit, _send)


def _send(delivery: Delivery) -> bool:
    taken: list[int] = delivery.facts.get("taken", [])
    devices = [device for device in devices_of(delivery.recipient) if device.pk not in taken]
    found = ledger.about(delivery) if devices else None
    if found is None or not _is_turn_of(delivery, found.kind.conversation(found.bundle, found.target)):
        return bool(taken)
    words, refused = words_of(delivery, found), []
    for device in devices:
        outcome = give(device, words)
        refused += [outcome] if outcome.refusal else []
        taken = [*taken, device.pk] if outcome.taken else taken
        if outcome.taken and device is not devices[-1]:
            _note_taken(delivery, taken)
    _answer_for(refused, delivery, taken)
    return bool(taken)


def _note_taken(delivery: Delivery, taken: list[int]) -> None:
    """Store who has it before the next is asked: should this process die over that one, only that one is repeated."""
    delivery.facts = {**delivery.facts, "taken": taken}
    Delivery.objects.filter(pk=delivery.pk).update(facts=delivery.facts)


def _answer_for(refused: list[Outcome], delivery: Delivery, taken: list[int]) -> None:
    """Raise what the ledger is to do where devices did not take the message; nothing once it has come to others."""
    later = [outcome for outcome in refused if outcome.later]
    if later and not (taken and delivery.attempts >= TRIED_FOR_OTHERS):
        _note_taken(delivery, taken)
        longest = max((outcome.after for outcome in later if outcome.after), default=None)
        raise ledger.TryLaterError(later[0].refusal, longest)
    if refused and not taken:
        raise ledger.RefusedForGoodError(refused[0].refusal)


def _is_turn_of(delivery: Delivery, conversation: str) -> bool:
    """Say whether nothing newer of its conversation has gone.

    Raises NotYetError where something newer waits, which may yet fall away, or something went a moment ago.
    """
    if not conversation or delivery.is_urgent:
        return True
    delivery.conversation = conversation
    Delivery.objects.filter(pk=delivery.pk).update(conversation=conversation)
    # Those that nobody has looked over yet, perhaps in the hands of another sender, are known by their places.
    mine = Delivery.objects.filter(recipient=delivery.recipient_id, channel=Delivery.Channel.PUSH)
    same = mine.filter(Q(conversation=conversation) | Q(places__contains=[conversation]))
    now = timezone.now()
    newer = same.filter(pk__gt=delivery.pk)
    if newer.filter(state=Delivery.State.SENT).exists():
        return False
    waiting = newer.filter(state=Delivery.State.WAITING, not_before__lte=now + BETWEEN)
    if next_at := waiting.aggregate(last=Max("not_before"))["last"]:
        raise ledger.NotYetError(max(now, next_at) + GIVEN_WAY)
    recent = same.filter(state=Delivery.State.SENT, sent_at__gt=now - BETWEEN, sent_at__lte=now)
    last = recent.aggregate(last=Max("sent_at"))["last"]
    if last:
        raise ledger.NotYetError(last + BETWEEN)
    return True


def give(device: PushSubscription, words: Words) -> Outcome:
    """Hand `words` to one device now, note what came of it, and return that."""
    host = urlsplit(device.endpoint).netloc
    if _resting.get(host, 0.0) > time.monotonic():
        return Outcome(refusal=f"{host} did not answer a moment ago", later=True)
    try:
        body, headers = _encrypted(device, words)
        answer = post(device.endpoint, body, headers=headers)
    except RefusedError as error:
        logger.warning("a device of %s is given up: its address leads inwards now", device.employee_id)
        device.delete()
        return Outcome(refusal=f"the address may not be called: {error}")
    except OutboundError as error:
        _resting[host] = time.monotonic() + REST_SECONDS
        return _note(device, Outcome(refusal=f"{host}: {error}", later=True))
    except Exception as error:
        # Keys that nothing can be encrypted with, perhaps: no other device is to suffer from it.
        logger.exception("a device of %s could not be served", device.employee_id)
        return _note(device, Outcome(refusal=f"{type(error).__name__}: {error}", later=True))
    return _note(device, _meaning_of(answer, host)) if answer.status not in GONE else _drop(device)


def _meaning_of(answer: Answer, host: str) -> Outcome:
    if answer.is_ok:
        return Outcome(taken=True)
    text = f"{host} answered {answer.status}"
    if answer.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        # It may be our key, or our clock: for operators to look at, and worth another try when they have.
        logger.error("%s to a notification: is VAPID_PRIVATE_KEY the one browsers subscribed for?", text)
        return Outcome(refusal=text, later=True)
    is_passing = answer.status in (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)
    if is_passing or answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Outcome(refusal=text, later=True, after=answer.wait)
    return Outcome(refusal=text)


def _drop(device: PushSubscription) -> Outcome:
    """The browser has ended it: nobody will hear there any more."""
    device.delete()
    return Outcome()


def _note(device: PushSubscription, outcome: Outcome) -> Outcome:
    now = timezone.now()
    values: dict[str, Any] = {"last_error": outcome.refusal[:300]}
    values |= (
        {"taken_at": now, "failing_since": None} if outcome.taken else {"failing_since": device.failing_since or now}
    )
    PushSubscription.objects.filter(pk=device.pk).update(**values)
    return outcome


def _encrypted(device: PushSubscription, words: Words) -> tuple[bytes, dict[str, str]]:
    """Return the body that only this browser can read, and the headers by which its service knows us."""
    keys = vapid.current_keys()
    assert keys is not None, "nothing is sent without a key"
    # Made anew each time: it keeps what it was last called with, and is not for two at once.
    kept = URGENT_KEPT_SECONDS if words.is_urgent else KEPT_SECONDS
    pushing = WebPush(keys.private_pem, keys.public_pem, subscriber=settings.PUSH_CONTACT, ttl=kept)
    keys_there = {"auth": device.auth, "p256dh": device.p256dh}
    told = WebPushSubscription.model_validate({"endpoint": device.endpoint, "keys": keys_there})
    message = pushing.get(words.payload(), told)
    headers = {name: str(value) for name, value in message.headers.items()}
    urgency = "high" if words.is_urgent else "normal"
    return message.encrypted, {**headers, "Topic": words.topic, "Urgency": urgency}
