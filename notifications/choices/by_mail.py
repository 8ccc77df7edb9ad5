"""What the page behind «Fewer e-mails like this one» does: the same choices as the settings, for one kind of mail."""

from __future__ import annotations

from django.core import signing
from django.db import transaction

from directory.models import Employee
from notifications.choices.actions import change_settings, choose_kind, choose_topic, chosen_within, restore_topic
from notifications.digests.reading import KIND as DIGEST
from notifications.models import Delivery, NotificationSettings
from notifications.preferring import wanting
from notifications.unsubscribing import Choice

ON = "on"
SALT = "notifications.choices.by_mail"
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
    employee, topic = choice.employee, choice.kind.topic
    former = ON
    if choice.kind.key == DIGEST:
        former = _frequency(employee).replace(Frequency.OFF, ON)
        change_settings(actor=employee, digest=Frequency.OFF)
    elif choice.is_topic:
        if wants_email(choice):
            former = signing.dumps(chosen_within(employee, topic, EMAIL), salt=SALT)
        choose_topic(actor=employee, topic=topic, channel=EMAIL, wanted=False)
    else:
        choose_kind(actor=employee, kind=choice.kind.key, channel=EMAIL, wanted=False)
    return former


def turn_on(*, choice: Choice, former: str) -> None:
    """Turn the e-mails on again, as they were before; what was stopped on its way goes after all."""
    employee, topic = choice.employee, choice.kind.topic
    if choice.kind.key == DIGEST:
        known = former in Frequency.values and former != Frequency.OFF
        change_settings(actor=employee, digest=former if known else Frequency.DAILY)
    elif choice.is_topic:
        restore_topic(actor=employee, topic=topic, channel=EMAIL, chosen=_chosen_in(former))
    else:
        choose_kind(actor=employee, kind=choice.kind.key, channel=EMAIL, wanted=True)


def _chosen_in(former: str) -> dict[str, bool]:
    try:
        chosen: dict[str, bool] = signing.loads(former, salt=SALT)
    except signing.BadSignature:
        return {}
    return chosen


def _frequency(employee: Employee) -> str:
    mine = NotificationSettings.objects.filter(employee=employee).values_list("digest", flat=True).first()
    return mine or Frequency.OFF
