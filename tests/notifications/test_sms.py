"""Text messages over a gateway that answers as it likes."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from directory.models import AuditEvent, Employee
from notifications.actions import notify
from notifications.channels import sms
from notifications.channels.numbers import international, number_of, stored_number
from notifications.models import ChannelState, Delivery
from tests.notifications.sms_gateway import FakeGateway, running_gateway


@pytest.fixture
def gateway(settings: Any) -> Iterator[type[FakeGateway]]:
    with running_gateway(settings) as running:
        yield running


def tell(person: Employee) -> Delivery:
    event = AuditEvent.objects.create(verb="onboarding.code_given", subject=person)
    notify(kind="sign_in_change", recipients=[person.pk], event_key=f"e:{event.pk}", target_id=event.pk)
    return Delivery.objects.get(channel="sms", recipient=person)


@pytest.fixture
def sunniva(amina: Employee) -> Employee:
    Employee.objects.filter(pk=amina.pk).update(private_mobile="912 34 567")
    amina.refresh_from_db()
    return amina


def test_goes_once_under_one_key(sunniva: Employee, gateway: type[FakeGateway]) -> None:
    delivery = tell(sunniva)
    gateway.answers[:] = [500]
    sms.send_due()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("waiting", 1)
    Delivery.objects.update(not_before=delivery.created_at)
    sms.send_due()
    sms.send_due()
    assert [one["status"] for one in gateway.taken] == [500, 200]
    assert len({one["key"] for one in gateway.taken}) == 1
    assert gateway.taken[1]["to"] == "+4791234567"
    assert "Tunet" in gateway.taken[1]["text"]


@pytest.mark.parametrize("answer", [400, 302])
def test_does_not_repeat_what_is_refused(sunniva: Employee, gateway: type[FakeGateway], answer: int) -> None:
    delivery = tell(sunniva)
    gateway.answers[:] = [answer]
    sms.send_due()
    delivery.refresh_from_db()
    assert delivery.state == "failed"
    assert len(gateway.taken) == 1, "nothing follows a redirect"


@pytest.mark.parametrize("answer", [(429, "300"), (503, "300"), (401, "300"), (500, "300")])
def test_a_busy_gateway_is_given_the_time_it_asks_for(
    sunniva: Employee, gateway: type[FakeGateway], answer: tuple[int, str]
) -> None:
    delivery = tell(sunniva)
    gateway.answers[:] = [answer]
    sms.send_due()
    delivery.refresh_from_db()
    # All wait where it takes nothing, without one having been tried; one alone where that one was the trouble.
    waits_until = delivery.not_before if answer[0] == 500 else ChannelState.objects.get(pk="sms").paused_until
    assert waits_until
    assert waits_until > timezone.now() + datetime.timedelta(minutes=4)
    assert (delivery.state, delivery.attempts) == ("waiting", int(answer[0] == 500))
    assert sms.send_due() == 0


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/send", "http://gateway.example/send"])
def test_no_way_to_the_gateway_costs_no_message_an_attempt(sunniva: Employee, settings: Any, address: str) -> None:
    settings.SMS_GATEWAY_URL = address
    delivery = tell(sunniva)
    sms.send_due()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.leased_until) == ("waiting", 0, None)
    state = ChannelState.objects.get(pk="sms")
    assert state.failing_since
    assert ("has to begin with https" in state.last_error) == (address != "http://127.0.0.1:9/send")


def test_looks_once_more_before_it_sends(sunniva: Employee, gateway: type[FakeGateway]) -> None:
    delivery = tell(sunniva)
    Employee.objects.filter(pk=sunniva.pk).update(is_active=False)
    sms.send_due()
    delivery.refresh_from_db()
    assert (delivery.state, gateway.taken) == ("skipped", [])


def test_is_off_without_a_gateway(sunniva: Employee) -> None:
    with pytest.raises(Delivery.DoesNotExist):
        tell(sunniva)
    assert sms.send_due() == 0


def test_counts_what_is_paid(settings: Any) -> None:
    assert [sms.parts_of(text) for text in ("Hei på deg", "æ" * 160, "æ" * 161, "€" * 80, "€" * 81)] == [1, 1, 2, 1, 2]
    assert [sms.parts_of(text) for text in ("š" * 70, "š" * 71, "👋" * 36)] == [1, 2, 2]
    assert [sms.parts_of(text) for text in ("👋" * 66, "👋" * 67, "€" * 152, "€" * 153)] == [2, 3, 2, 3], (
        "none is cut in two"
    )
    settings.SMS_PRICE = Decimal("0.45")
    assert sms.price_of(100, 2) == Decimal(90)
    settings.SMS_PRICE = None
    assert sms.price_of(100) is None


def test_reads_numbers_as_hr_writes_them() -> None:
    written = ["912 34 567", "+47 91234567", "004791234567", "+47(0)91234567", "0047 ( 0 ) 912 34 567"]
    wrong = [
        "12345",
        "ring meg",
        "+",
        "912345678901",
        "+0000000000",
        "00000000",
        "01234567",
        "+47091234567",
        "+479123456",
    ]
    read = ["+4791234567"] * 5 + ["+46701234567"] + [""] * len(wrong)
    assert [international(number) for number in [*written, "+46 70 123 45 67", *wrong]] == read


def test_the_database_knows_the_same_numbers(amina: Employee) -> None:
    written = [
        "912 34 567",
        "(+47) 912.34.567",
        "0047 91234567",
        "+47(0)91234567",
        "00 123456",
        "9123+567",
        "+",
        "00000000",
    ]
    written += ["00+4791234567", "+1234", "12345678901", "+" + "1" * 15, "+" + "1" * 16, "0 0" + "1" * 8, "+0000000000"]
    for number in [*written, "tlf 91234567 (jobb)", "+47091234567"]:
        amina.private_mobile, amina.work_phone = number, "23 47 11 00"
        amina.save()
        (found,) = Employee.objects.filter(pk=amina.pk).values_list(stored_number(also_at_work=True))
        assert found == (number_of(amina, also_at_work=True),), number


@pytest.mark.parametrize(
    ("private", "work", "found"),
    [
        ("", "900 77 745", "+4790077745"),
        ("912 34 567", "900 77 745", "+4791234567"),
        ("", "23 47 11 00", ""),
        ("", "+46 70 123 45 67", ""),
    ],
)
def test_the_mobile_for_work_where_there_is_no_other(amina: Employee, private: str, work: str, found: str) -> None:
    amina.private_mobile, amina.work_phone = private, work
    amina.save()
    assert number_of(amina, also_at_work=True) == found
    stored = Employee.objects.filter(pk=amina.pk).values_list(stored_number(also_at_work=True), stored_number())
    assert stored.get() == (found, number_of(amina)), "what is one's own goes to one's own alone"
