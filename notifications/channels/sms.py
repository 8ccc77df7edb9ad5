"""Text messages: off until a gateway is named. Sends from the same ledger as e-mail; every part costs money."""

from __future__ import annotations

import json
from decimal import Decimal
from http import HTTPStatus
from http.client import HTTPException
from typing import Any, Protocol
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.module_loading import import_string

from core.outbound import Answer
from directory.models import Organisation
from notifications.channels import ledger
from notifications.channels.numbers import number_of
from notifications.models import Delivery

TIMEOUT_SECONDS = 10
# What fits into one message, and into each part of a longer one: of the telephones' own alphabet, or of any.
ONE, EACH = 160, 153
ONE_WIDE, EACH_WIDE = 70, 67
_ALPHABET = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_DOUBLE = set("^{}\\[~]|€")
# The last mark that takes one place there; emoji come after it.
_LAST_OF_ONE = 0xFFFF


class Gateway(Protocol):
    """Whoever brings messages to telephones. `settings.SMS_GATEWAY` names the class."""

    def send(self, *, number: str, text: str, key: str) -> None:
        """Hand the message over. The same `key` is the same message, however often it is handed over.

        Raises the ledger's errors: RefusedForGoodError when it will never be taken, TryLaterError when this one will
        not be now, ChannelAwayError when none will.
        """


class HttpGateway:
    """A gateway that takes JSON over HTTPS. What its fields are called stands in `settings.SMS_FIELDS`."""

    def send(self, *, number: str, text: str, key: str) -> None:
        _require_safe_way(settings.SMS_GATEWAY_URL)
        told = {"sender": settings.SMS_SENDER, "number": number, "text": text}
        body = json.dumps({settings.SMS_FIELDS[name]: value for name, value in told.items()}).encode()
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        if settings.SMS_GATEWAY_AUTH:
            headers["Authorization"] = settings.SMS_GATEWAY_AUTH
        request = Request(settings.SMS_GATEWAY_URL, body, headers, method="POST")  # noqa: S310 - the operator's address
        try:
            with _opener().open(request, timeout=TIMEOUT_SECONDS):
                return
        except HTTPError as error:
            error.close()
            raise _meaning_of(Answer(error.code, b"", error.headers.get("Retry-After", ""))) from None
        except URLError as error:
            raise ledger.ChannelAwayError(f"no way to the gateway: {error.reason}") from None
        except (OSError, HTTPException) as error:
            raise ledger.ChannelAwayError(f"no answer: {type(error).__name__}", in_hand=True) from None


def _require_safe_way(address: str) -> None:
    """Numbers and texts leave the machine by https alone: a setting that says otherwise costs no message an attempt."""
    told = urlsplit(address)
    if told.scheme != "https" and not (told.scheme == "http" and told.hostname in _HERE):
        raise ledger.ChannelAwayError("SMS_GATEWAY_URL has to begin with https://")


_HERE = ("localhost", "127.0.0.1", "::1")
# The gateway is busy, or does not know us today: that is so for every message.
_AWAY = (
    *(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.PROXY_AUTHENTICATION_REQUIRED),
    *(HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE),
)
_LATER = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT)


def _meaning_of(answer: Answer) -> Exception:
    text = f"the gateway answered {answer.status}"
    if answer.status in _AWAY:
        return ledger.ChannelAwayError(text, answer.wait)
    if answer.status in _LATER or answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return ledger.TryLaterError(text, answer.wait)
    return ledger.RefusedForGoodError(text)


class _NoRedirects(HTTPRedirectHandler):
    """A number and a text go where the operator said and nowhere else."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def _opener() -> OpenerDirector:
    return build_opener(_NoRedirects)


def is_on() -> bool:
    """Say whether the organisation sends text messages at all: no gateway, no messages."""
    return bool(settings.SMS_GATEWAY_URL)


def parts_of(text: str) -> int:
    """Return how many messages the text is paid as."""
    if set(text) <= _ALPHABET | _DOUBLE:
        return _parts([2 if mark in _DOUBLE else 1 for mark in text], ONE, EACH)
    return _parts([2 if ord(mark) > _LAST_OF_ONE else 1 for mark in text], ONE_WIDE, EACH_WIDE)


def _parts(sizes: list[int], one: int, each: int) -> int:
    """Fill one part after the other; a mark that takes two places is never cut in two."""
    if sum(sizes) <= one:
        return 1
    parts, filled = 1, 0
    for size in sizes:
        filled += size
        if filled > each:
            parts, filled = parts + 1, size
    return parts


def price_of(texts: int, parts: int = 1) -> Decimal | None:
    """Return what so many messages cost, in kroner; None where the operator has not said what one costs."""
    return settings.SMS_PRICE * texts * parts if settings.SMS_PRICE is not None else None


def send_due(limit: int = 50) -> int:
    """Send up to `limit` messages that are due and return how many were taken up.

    A message is marked when the gateway has taken it. One whose answer was lost goes again under the same key.
    """
    if not is_on():
        return 0
    gateway: Gateway = import_string(settings.SMS_GATEWAY)()
    organisation = Organisation.load()
    return ledger.send_claimed(Delivery.Channel.SMS, limit, lambda delivery: _send_one(delivery, gateway, organisation))


def _send_one(delivery: Delivery, gateway: Gateway, organisation: Organisation) -> bool:
    is_critical = delivery.priority == Delivery.Priority.CRITICAL
    number = number_of(delivery.recipient, also_at_work=is_critical)
    found = ledger.about(delivery) if number else None
    if found is None:
        return False
    address = settings.SITE_ADDRESS + found.kind.url(found.bundle, found.target)
    words = {"organisation": organisation, "address": address, "facts": delivery.facts}
    text = " ".join(found.kind.render("sms.txt", found.bundle, found.target, **words).split())
    delivery.conversation = salted_hmac("notifications.sms", f"{number} {text}").hexdigest()[:40]
    if _has_gone(delivery):
        return False
    gateway.send(number=number, text=text, key=f"{delivery.kind}.{delivery.pk}")
    return True


def _has_gone(delivery: Delivery) -> bool:
    """Say whether the same words have gone to the same telephone: some share one."""
    same = Delivery.objects.filter(channel=delivery.channel, kind=delivery.kind, event_key=delivery.event_key)
    return same.filter(conversation=delivery.conversation, state=Delivery.State.SENT).exists()
