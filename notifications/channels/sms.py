"""Text messages: off until a gateway is named. Sends from the same ledger as e-mail; every part costs money."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from http import HTTPStatus
from typing import Any, Protocol
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from django.conf import settings
from django.utils.module_loading import import_string

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

        Raises RefusedForGoodError when it will never be taken, anything else to be tried again later.
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
            is_final = error.code < HTTPStatus.INTERNAL_SERVER_ERROR and error.code not in _PASSING
            raise (ledger.RefusedForGoodError if is_final else OSError)(f"the gateway answered {error.code}") from None


# The gateway is busy, or does not know us today: the message itself may be well.
_PASSING = (
    *(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.REQUEST_TIMEOUT),
    *(HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS),
)


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


def international(number: str) -> str:
    """Return «+4791234567» for however HR writes a number, or "" for what can be none."""
    digits = re.sub(r"[^\d+]", "", number)
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    if not digits.startswith("+"):
        digits = f"+{settings.SMS_COUNTRY}{digits}" if len(digits) == _SHORTEST_NUMBER else ""
    plain = digits.removeprefix("+")
    return digits if plain.isascii() and plain.isdigit() and _SHORTEST_NUMBER <= len(plain) <= _LONGEST_NUMBER else ""


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
