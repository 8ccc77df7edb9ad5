"""The clock two hours ahead, and set right again: nothing waits for a time that was never meant, nothing is held."""

from __future__ import annotations

import datetime
import time

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from directory.models import AuditEvent, Employee
from notifications.actions import notify, start_fan_out
from notifications.channels import email, ledger
from notifications.clock_faults import ClockWatch, set_right
from notifications.models import Delivery, FanOut

HOURS = datetime.timedelta(hours=2)


def tell(person: Employee) -> Delivery:
    event = AuditEvent.objects.create(verb="onboarding.code_given", subject=person)
    notify(kind="sign_in_change", recipients=[person.pk], event_key=f"e:{event.pk}", target_id=event.pk)
    return Delivery.objects.get(channel="email", event_key=f"e:{event.pk}")


def test_what_was_stored_and_taken_up_under_a_clock_ahead_goes_once_it_is_right(amina: Employee) -> None:
    held = tell(amina)
    with time_machine.travel(timezone.now() + HOURS):
        assert [one.pk for one in ledger.claim("email", 1)] == [held.pk]
        stored = tell(amina)
        start_fan_out(job="tests.clock", key="1")
    # Whoever held the first is gone, its lease ends in two hours: it goes now.
    assert email.send_due() == 1
    assert set_right() == 2
    stored.refresh_from_db()
    assert stored.not_before <= timezone.now()
    assert email.send_due() == 1
    assert set_right() == 0
    assert len(mail.outbox) == 2
    assert FanOut.objects.due().count() == 1


def test_what_waits_by_intention_goes_on_waiting(amina: Employee) -> None:
    delivery = tell(amina)
    Delivery.objects.update(not_before=timezone.now() + HOURS)
    assert set_right() == 0
    with time_machine.travel(timezone.now() + HOURS):
        Delivery.objects.update(created_at=timezone.now(), not_before=timezone.now() + HOURS)
    assert set_right() == 1
    delivery.refresh_from_db()
    assert abs(delivery.not_before - timezone.now() - HOURS) < datetime.timedelta(minutes=1)


def test_the_loop_notices_a_clock_set_back_and_not_one_set_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    was_set_back, real = ClockWatch(), time.time
    seen = []
    for wrong in (0, 7200, 7200, 0, 0):
        monkeypatch.setattr(time, "time", lambda wrong=wrong: real() + wrong)
        seen.append(was_set_back())
    assert seen == [False, False, False, True, False]
