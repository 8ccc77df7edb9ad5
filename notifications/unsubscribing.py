"""«Fewer e-mails like this one»: an address in each mail that turns its kind off for one person, signed in or not.

The address itself is the proof (RFC 8058 wants one click, by a mail program that has no session), so it can do this
one thing and no other, says nobody's name and can be taken back on the page it leads to.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from directory.models import Employee
from notifications.kinds import NotificationKind, kinds
from notifications.models import Delivery, NotificationSettings, Preference
from notifications.preferring import wanting
from notifications.querysets import DeliveryQuerySet
from notifications.topics import OTHER, topic_row, topics

SALT = "notifications.unsubscribe"
# Why a message that waited was not sent; taken back with the choice.
DECLINED = "turned off by the person"
DIGEST, ON = "digest", "on"
# Topics in which very different things are told: only the kind at hand is turned off.
TOO_WIDE = (OTHER, "tasks")


class Choice(NamedTuple):
    """Whose mails, and which: those of a whole topic where its name says plainly enough what that is."""

    employee: Employee
    kind: NotificationKind[Any]

    @property
    def name(self) -> str:
        """What the mails are about, in plain words; "" where only the kind itself is meant."""
        return str(topics.get(self.kind.topic).name) if self.is_topic else ""

    @property
    def is_topic(self) -> bool:
        return self.kind.topic not in TOO_WIDE

    @property
    def row(self) -> str:
        """How the choice is called among the person's preferences."""
        return topic_row(self.kind.topic) if self.is_topic else self.kind.key

    @property
    def kinds(self) -> list[str]:
        """The keys of all kinds the choice is for."""
        same = [key for key, kind in kinds.items() if kind.topic == self.kind.topic and not kind.is_essential]
        return same if self.is_topic else [self.kind.key]


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
    if choice.kind.key == DIGEST:
        return _frequency(choice.employee) != NotificationSettings.Digest.OFF
    person = Employee.objects.filter(pk=choice.employee.pk)
    return wanting(person, choice.kind.key, Delivery.Channel.EMAIL).exists()


@transaction.atomic
def turn_off(*, choice: Choice) -> str:
    """Turn the kind's e-mails off, those on their way included; return what `turn_on` takes to undo it.

    What is urgent and on its way still comes.
    """
    former = _frequency(choice.employee) if choice.kind.key == DIGEST else ON
    _store(choice, wanted="")
    waiting = _messages(choice).filter(Q(is_urgent=False) | Q(kind=DIGEST), state=Delivery.State.WAITING)
    waiting.update(state=Delivery.State.SKIPPED, last_error=DECLINED)
    return former if former != NotificationSettings.Digest.OFF else ON


@transaction.atomic
def turn_on(*, choice: Choice, former: str) -> None:
    """Turn the kind's e-mails on again, as they were before; what was stopped on its way goes after all."""
    _store(choice, wanted=former)
    stopped = _messages(choice).filter(state=Delivery.State.SKIPPED, last_error=DECLINED)
    stopped.update(state=Delivery.State.WAITING, last_error="")


def _store(choice: Choice, *, wanted: str) -> None:
    if choice.kind.key == DIGEST:
        frequencies = NotificationSettings.Digest
        frequency = wanted if wanted in frequencies.values else frequencies.DAILY if wanted else frequencies.OFF
        NotificationSettings.objects.update_or_create(employee=choice.employee, defaults={"digest": frequency})
        return
    mine = Preference.objects.filter(employee=choice.employee, channel=Delivery.Channel.EMAIL)
    mine.filter(kind__in=choice.kinds).delete()
    mine.update_or_create(
        employee=choice.employee, kind=choice.row, channel=Delivery.Channel.EMAIL, defaults={"wanted": bool(wanted)}
    )


def _messages(choice: Choice) -> DeliveryQuerySet:
    mine = Delivery.objects.filter(recipient=choice.employee, channel=Delivery.Channel.EMAIL)
    return mine.filter(kind__in=choice.kinds)


def _frequency(employee: Employee) -> str:
    mine = NotificationSettings.objects.filter(employee=employee).values_list("digest", flat=True).first()
    return mine or NotificationSettings.Digest.OFF
