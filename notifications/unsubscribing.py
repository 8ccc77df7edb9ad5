"""«Fewer e-mails like this one»: an address in each mail that turns its kind off for one person, signed in or not.

The address itself is the proof (RFC 8058 wants one click, by a mail program that has no session), so it can do this
one thing and no other, says nobody's name and can be taken back on the page it leads to.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from django.conf import settings
from django.core import signing
from django.urls import reverse

from directory.models import Employee
from notifications.kinds import NotificationKind, kinds
from notifications.topics import OTHER

SALT = "notifications.unsubscribe"
# Topics in which very different things are told: only the kind at hand is turned off.
TOO_WIDE = (OTHER, "tasks")


class Choice(NamedTuple):
    """Whose mails, and which: those of a whole topic where its name says plainly enough what that is."""

    employee: Employee
    kind: NotificationKind[Any]

    @property
    def name(self) -> str:
        """What the mails are about, in plain words; "" where only the kind itself is meant."""
        return str(self.kind.chosen_by.name) if self.is_topic else ""

    @property
    def is_topic(self) -> bool:
        return self.kind.topic not in TOO_WIDE


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
