"""E-mail: sends what is due from the delivery ledger, each message once, re-checked at the moment it is sent."""

from __future__ import annotations

import datetime
import logging
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from directory.models import Organisation
from notifications.kinds import Bundle, kinds
from notifications.models import Delivery, Notification

logger = logging.getLogger(__name__)

# Longer than the slowest server may take over one message; it is renewed for each as its turn comes.
LEASE = datetime.timedelta(seconds=75)
MAX_ATTEMPTS = 8


def is_on() -> bool:
    """Say whether the organisation sends e-mail at all: no host, no mail."""
    return bool(settings.EMAIL_HOST) or not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend")


def send_due(limit: int = 100) -> int:
    """Send up to `limit` messages that are due and return how many were taken up.

    A message is marked when the server has taken it: a worker that dies in between repeats at most that one. What
    a slow server kept waiting past its lease is left to whoever has taken it up.
    """
    claimed = _claim(limit)
    if not claimed:
        return 0
    connection = get_connection()
    organisation = Organisation.load()
    try:
        for delivery in claimed:
            if _still_mine(delivery):
                _send_one(delivery, connection, organisation)
    finally:
        connection.close()
    return len(claimed)


def _claim(limit: int) -> list[Delivery]:
    with transaction.atomic():
        due = Delivery.objects.due().filter(channel=Delivery.Channel.EMAIL)
        ids = list(due.select_for_update(skip_locked=True).values_list("pk", flat=True)[:limit])
        Delivery.objects.filter(pk__in=ids).update(leased_until=timezone.now() + LEASE)
    return list(Delivery.objects.filter(pk__in=ids).select_related("recipient").order_by("pk"))


def _still_mine(delivery: Delivery) -> bool:
    """Renew the lease, unless another worker has taken the message up since."""
    mine = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.WAITING, leased_until=delivery.leased_until)
    delivery.leased_until = timezone.now() + LEASE
    return mine.update(leased_until=delivery.leased_until) == 1


def _send_one(delivery: Delivery, connection: Any, organisation: Organisation) -> None:
    try:
        with translation.override(delivery.recipient.language or settings.LANGUAGE_CODE):
            message = _compose(delivery, organisation)
        if message is None:
            delivery.state = Delivery.State.SKIPPED
        else:
            connection.open()  # once for all messages; does nothing when it is open
            message.connection = connection
            message.send()
            delivery.state, delivery.sent_at = Delivery.State.SENT, timezone.now()
    except Exception as error:
        connection.close()
        _postpone(delivery, error)
    delivery.leased_until = None
    delivery.save(update_fields=["state", "sent_at", "attempts", "last_error", "not_before", "leased_until"])
    if delivery.state == Delivery.State.SENT:
        kinds.get(delivery.kind).after_email(delivery)


def _postpone(delivery: Delivery, error: Exception) -> None:
    logger.warning("e-mail %s could not be sent: %s", delivery.pk, error)
    delivery.attempts += 1
    delivery.last_error = f"{type(error).__name__}: {error}"[:300]
    delivery.not_before = timezone.now() + datetime.timedelta(seconds=30 * 2**delivery.attempts)
    if delivery.attempts >= MAX_ATTEMPTS:
        delivery.state = Delivery.State.FAILED


def _compose(delivery: Delivery, organisation: Organisation) -> EmailMultiAlternatives | None:
    """Return the message, or None when it should no longer go: the person left, may not see it, or has read it."""
    reader, kind = delivery.recipient, kinds.get(delivery.kind)
    if not reader.is_active or not reader.email:
        return None
    stored = Notification.objects.filter(recipient=reader, kind=delivery.kind, event_key=delivery.event_key).first()
    if stored and stored.read_at:
        return None
    target = kind.visible_targets(reader, [delivery.target_id or 0]).get(delivery.target_id or 0)
    if target is None or not kind.is_still_due(reader, target):
        return None
    bundle = Bundle(stored or _unstored(delivery), set(), unread=True)
    return _message(delivery, organisation, kind, bundle, target)


def _unstored(delivery: Delivery) -> Notification:
    return Notification(
        recipient=delivery.recipient, kind=delivery.kind, event_key=delivery.event_key, facts=delivery.facts
    )


def _message(
    delivery: Delivery, organisation: Organisation, kind: Any, bundle: Bundle, target: Any
) -> EmailMultiAlternatives:
    address = settings.SITE_ADDRESS + kind.url(bundle, target)
    context = {"organisation": organisation, "address": address, "facts": delivery.facts, "site": settings.SITE_ADDRESS}
    subject = " ".join(kind.render("subject.txt", bundle, target, **context).split())
    text = kind.render("txt", bundle, target, **context)
    html = render_to_string("notifications/email.html", {**context, "subject": subject, "text": text})
    message = EmailMultiAlternatives(subject, text, settings.DEFAULT_FROM_EMAIL, [delivery.recipient.email or ""])
    message.attach_alternative(html, "text/html")
    # The same event gives the same id however often it is tried, so that mail programs show it once.
    message.extra_headers["Message-ID"] = f"<{delivery.kind}.{delivery.pk}@{urlsplit(settings.SITE_ADDRESS).hostname}>"
    return message
