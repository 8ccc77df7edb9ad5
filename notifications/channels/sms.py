"""Text messages: off until a gateway is named. Sends from the same ledger as e-mail; every part costs money."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from http import HTTPStatus
from http.client import HTTPException
from typing import Any, Protocol
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from django.conf import settings
from django.utils.module_loading import import_string

from core.outbound import Answer
from directory.models import Employee, Organisation
from notifications.channels import ledger
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
_LONGEST_NUMBER = 15
_SHORTEST_NUMBER = 8


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


def number_of(person: Employee) -> str:
    """Return the number a message would go to, with its country, or "" where there is none."""
    return international(person.private_mobile)


# What `international` takes, for the database: a country and a number, or eight digits; whatever stands between them.
NUMBER = (
    r"^[^0-9+]*(?:(?:\+|0[^0-9+]*0)(?:[^0-9+]*[0-9]){8,15}"
    r"|(?!0[^0-9+]*0)[0-9](?:[^0-9+]*[0-9]){7})[^0-9+]*$"
)


def international(number: str) -> str:
    """Return «+4791234567» for however HR writes a number, or "" for what can be none."""
    digits = re.sub(r"[^0-9+]", "", number)
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    if not digits.startswith("+"):
        digits = f"+{settings.SMS_COUNTRY}{digits}" if len(digits) == _SHORTEST_NUMBER else ""
    plain = digits.removeprefix("+")
    return digits if plain.isdigit() and _SHORTEST_NUMBER <= len(plain) <= _LONGEST_NUMBER else ""


def parts_of(text: str) -> int:
    """Return how many messages the text is paid as."""
    if set(text) <= _ALPHABET | _DOUBLE:
        size, one, each = len(text) + sum(mark in _DOUBLE for mark in text), ONE, EACH
    else:
        size, one, each = len(text.encode("utf-16-le")) // 2, ONE_WIDE, EACH_WIDE
    return 1 if size <= one else -(-size // each)


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
    number = number_of(delivery.recipient)
    found = ledger.about(delivery) if number else None
    if found is None:
        return False
    address = settings.SITE_ADDRESS + found.kind.url(found.bundle, found.target)
    words = {"organisation": organisation, "address": address, "facts": delivery.facts}
    text = " ".join(found.kind.render("sms.txt", found.bundle, found.target, **words).split())
    gateway.send(number=number, text=text, key=f"{delivery.kind}.{delivery.pk}")
    return True
