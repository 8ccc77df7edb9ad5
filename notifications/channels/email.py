"""E-mail: sends what is due from the delivery ledger, each message once, re-checked at the moment it is sent."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string

from directory.models import Organisation
from notifications.channels import ledger
from notifications.models import Delivery


def is_on() -> bool:
    """Say whether the organisation sends e-mail at all: no host, no mail."""
    return bool(settings.EMAIL_HOST) or not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend")


def send_due(limit: int = 100) -> int:
    """Send up to `limit` messages that are due and return how many were taken up.

    A message is marked when the server has taken it: a worker that dies in between repeats at most that one. What
    a slow server kept waiting past its lease is left to whoever has taken it up.
    """
    claimed = ledger.claim(Delivery.Channel.EMAIL, limit)
    if not claimed:
        return 0
    connection = get_connection()
    organisation = Organisation.load()
    try:
        for delivery in claimed:
            if ledger.still_mine(delivery):
                _send_one(delivery, connection, organisation)
    finally:
        connection.close()
    return len(claimed)


def _send_one(delivery: Delivery, connection: Any, organisation: Organisation) -> None:
    def send() -> bool:
        message = _compose(delivery, organisation)
        if message is None:
            return False
        try:
            connection.open()  # once for all messages; does nothing when it is open
            message.connection = connection
            message.send()
        except Exception:
            connection.close()
            raise
        return True

    ledger.settle(delivery, send)


def _compose(delivery: Delivery, organisation: Organisation) -> EmailMultiAlternatives | None:
    """Return the message, or None when it should no longer go."""
    found = ledger.about(delivery) if delivery.recipient.email else None
    return _message(delivery, organisation, found) if found else None


def _message(delivery: Delivery, organisation: Organisation, found: ledger.About) -> EmailMultiAlternatives:
    reader, kind, bundle, target = found
    address = settings.SITE_ADDRESS + kind.url(bundle, target)
    context = {"organisation": organisation, "address": address, "facts": delivery.facts, "site": settings.SITE_ADDRESS}
    subject = " ".join(kind.render("subject.txt", bundle, target, **context).split())
    text = kind.render("txt", bundle, target, **context)
    html = render_to_string("notifications/email.html", {**context, "subject": subject, "text": text})
    message = EmailMultiAlternatives(subject, text, settings.DEFAULT_FROM_EMAIL, [reader.email or ""])
    message.attach_alternative(html, "text/html")
    # The same event gives the same id however often it is tried, so that mail programs show it once.
    message.extra_headers["Message-ID"] = f"<{delivery.kind}.{delivery.pk}@{urlsplit(settings.SITE_ADDRESS).hostname}>"
    return message
