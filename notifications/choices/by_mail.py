"""What the page behind «Fewer e-mails like this one» does: the same choices as the settings, for one kind of mail."""

from __future__ import annotations

from django.db import transaction

from directory.models import Employee
from notifications.choices.actions import DECLINED, change_settings, choose_kind, choose_topic
from notifications.digests.reading import KIND as DIGEST
from notifications.models import Delivery, NotificationSettings
from notifications.preferring import wanting
from notifications.unsubscribing import Choice

ON = "on"
EMAIL = Delivery.Channel.EMAIL.value
Frequency = NotificationSettings.Digest


def wants_email(choice: Choice) -> bool:
    """Say whether the person gets this kind by e-mail as things stand."""
    if choice.kind.key == DIGEST:
        return _frequency(choice.employee) != Frequency.OFF
    return wanting(Employee.objects.filter(pk=choice.employee.pk), choice.kind.key, EMAIL).exists()


@transaction.atomic
def turn_off(*, choice: Choice) -> str:
    """Turn the e-mails off, those on their way included; return what `turn_on` takes to undo it."""
    if choice.kind.key != DIGEST:
        _choose(choice, wanted=False)
        return ON
    former = _frequency(choice.employee)
    change_settings(actor=choice.employee, digest=Frequency.OFF)
    waiting = choice.employee.deliveries.filter(kind=DIGEST, state=Delivery.State.WAITING)
    waiting.update(state=Delivery.State.SKIPPED, last_error=DECLINED)
    return former if former != Frequency.OFF else ON


def turn_on(*, choice: Choice, former: str) -> None:
    """Turn the e-mails on again, as they were before; what was stopped on its way goes after all."""
    if choice.kind.key != DIGEST:
        _choose(choice, wanted=True)
        return
    known = former in Frequency.values and former != Frequency.OFF
    change_settings(actor=choice.employee, digest=former if known else Frequency.DAILY)


def _choose(choice: Choice, *, wanted: bool) -> None:
    if choice.is_topic:
        choose_topic(actor=choice.employee, topic=choice.kind.topic, channel=EMAIL, wanted=wanted)
    else:
        choose_kind(actor=choice.employee, kind=choice.kind.key, channel=EMAIL, wanted=wanted)


def _frequency(employee: Employee) -> str:
    mine = NotificationSettings.objects.filter(employee=employee).values_list("digest", flat=True).first()
    return mine or Frequency.OFF
