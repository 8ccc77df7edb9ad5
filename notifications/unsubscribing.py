"""«Fewer e-mails like this one»: an address in each mail that turns its kind off for one person, signed in or not.

The address itself is the proof (RFC 8058 wants one click, by a mail program that has no session), so it can do this
one thing and no other, says nobody's name and can be taken back on the page it leads to.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from django.conf import settings
from django.core import signing
from django.db.models import QuerySet
from django.urls import reverse

from directory.models import Employee
from notifications.kinds import NotificationKind, kinds
from notifications.models import Delivery, Preference

SALT = "notifications.unsubscribe"


class Choice(NamedTuple):
    """Whose mails, and which."""

    employee: Employee
    kind: NotificationKind[Any]


def unsubscribe_address(reader: Employee, kind: NotificationKind[Any]) -> str:
    """Return the whole address for a mail of `kind` to `reader`; "" for what nobody can turn off."""
    if kind.is_essential:
        return ""
    token = signing.dumps([reader.public_id, kind.key], salt=SALT)
    return settings.SITE_ADDRESS + reverse("unsubscribe", args=[token])


def read_token(token: str) -> Choice | None:
    """Return what the address speaks of; None when it is not one of ours, or about someone or something long gone."""
    try:
        public_id, key = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    kind = kinds.find(key)
    employee = Employee.objects.active().filter(public_id=public_id).first()
    return Choice(employee, kind) if kind and employee and not kind.is_essential else None


def wants_email(choice: Choice) -> bool:
    """Say whether the person gets this kind by e-mail as things stand."""
    return not _choices(choice).filter(wanted=False).exists()


def choose_email(*, choice: Choice, wanted: bool) -> None:
    """Turn the kind's e-mails off, those on their way included, or on again."""
    Preference.objects.update_or_create(
        employee=choice.employee,
        kind=choice.kind.key,
        channel=Delivery.Channel.EMAIL,
        defaults={"wanted": wanted},
    )


def _choices(choice: Choice) -> QuerySet[Preference]:
    return Preference.objects.filter(employee=choice.employee, kind=choice.kind.key, channel=Delivery.Channel.EMAIL)
