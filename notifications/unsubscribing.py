"""«Fewer e-mails like this one»: an address in each mail that turns its kind off for one person, signed in or not.

The address itself is the proof (RFC 8058 wants one click, by a mail program that has no session), so it can do this
one thing and no other, says nobody's name and can be taken back on the page it leads to.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse

from directory.models import Employee
from notifications.kinds import NotificationKind, kinds
from notifications.models import Delivery, Preference

SALT = "notifications.unsubscribe"
# Why a message that waited was not sent; taken back with the choice.
DECLINED = "turned off by the person"


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
    off = Preference.objects.filter(kind=choice.kind.key, channel=Delivery.Channel.EMAIL, wanted=False)
    return not off.filter(employee=choice.employee).exists()


@transaction.atomic
def choose_email(*, choice: Choice, wanted: bool) -> None:
    """Turn the kind's e-mails off, those on their way included, or on again."""
    mine: dict[str, Any] = {"employee": choice.employee, "kind": choice.kind.key, "channel": Delivery.Channel.EMAIL}
    Preference.objects.update_or_create(**mine, defaults={"wanted": wanted})
    sent = Delivery.objects.filter(recipient=choice.employee, kind=choice.kind.key, channel=Delivery.Channel.EMAIL)
    if wanted:
        sent.filter(state=Delivery.State.SKIPPED, last_error=DECLINED).update(
            state=Delivery.State.WAITING, last_error=""
        )
    else:
        sent.filter(state=Delivery.State.WAITING).update(state=Delivery.State.SKIPPED, last_error=DECLINED)
