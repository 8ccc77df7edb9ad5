"""A real mail server that refuses, is slow, is full, cuts the line: nothing is lost, and hardly anything doubled."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from directory.models import Employee
from directory.signals import employees_left
from notifications.channels import email, email_refusals, ledger
from notifications.kinds import kinds
from notifications.models import ChannelState, Delivery, RefusedAddress
from tests.conftest import MakeEmployee
from tests.notifications.mail_sink import CUT, SLOW, Calls, Sink, free_port, listening, wait_for_mail

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def calls() -> Iterator[None]:
    kinds.add(Calls.key, Calls())
    yield
    kinds._items.pop(Calls.key)


@pytest.fixture(autouse=True)
def fresh_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """It has written to nobody yet, and is not hurried: to compose a first message takes a while."""
    email_refusals._lately.clear()
    monkeypatch.setattr(ledger, "STRETCH_SECONDS", 60.0)


@pytest.fixture
def port(settings: Any) -> int:
    """Where our mail server would be."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", free_port(), 0.4
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)
    return int(settings.EMAIL_PORT)


@pytest.fixture
def sink(port: int) -> Iterator[Sink]:
    sink = Sink()
    with listening(sink, port):
        yield sink


@pytest.fixture
def waiting(kari: Employee, amina: Employee, liv: Employee) -> list[Delivery]:
    return [wait_for_mail(person) for person in (kari, amina, liv)]


def states() -> list[tuple[str, int]]:
    return list(Delivery.objects.order_by("pk").values_list("state", "attempts"))


def time_passes() -> None:
    """As if every pause were over."""
    ChannelState.objects.update(paused_until=None, paced_until=None)
    Delivery.objects.update(not_before=timezone.now())


def test_one_connection_for_all(waiting: list[Delivery], sink: Sink) -> None:
    assert email.send_due() == 3
    assert (len(sink.taken), sink.sessions) == (3, 1)
    assert states() == [("sent", 0)] * 3


def test_a_server_that_is_not_there_costs_no_attempt(waiting: list[Delivery], port: int) -> None:
    assert email.send_due() == 0
    state = ChannelState.objects.get(pk="email")
    assert state.failing_since
    assert state.paused_until
    assert "refused" in state.last_error.lower()
    assert states() == [("waiting", 0)] * 3
    assert not Delivery.objects.filter(leased_until__isnull=False).exists(), "whoever comes first may take them up"
    assert email.send_due() == 0, "it rests"
    for _ in range(30):
        ChannelState.objects.update(paused_until=None)
        email.send_due()
    assert ChannelState.objects.get().paused_until <= timezone.now() + datetime.timedelta(minutes=1)  # type: ignore[operator]
    assert states() == [("waiting", 0)] * 3
    time_passes()
    sink = Sink()
    with listening(sink, port):
        email.send_due()
    assert len(sink.taken) == 3
    assert ChannelState.objects.get().failing_since is None


def test_a_setting_that_is_missing_costs_no_attempt(waiting: list[Delivery], settings: Any) -> None:
    settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
    assert email.send_due() == 0
    assert states() == [("waiting", 0)] * 3
    assert "POSTMARK_SERVER_TOKEN" in ChannelState.objects.get().last_error


def test_a_pause_from_a_clock_set_back_is_none(waiting: list[Delivery], sink: Sink) -> None:
    ChannelState.objects.create(channel="email", paused_until=timezone.now() + datetime.timedelta(hours=2))
    assert email.send_due() == 3


def test_who_is_asked_for_patience_waits_alone(waiting: list[Delivery], sink: Sink) -> None:
    sink.at_recipient = ["450 4.2.0 Greylisted, come again"]
    email.send_due()
    assert states() == [("waiting", 1), ("sent", 0), ("sent", 0)]
    first = Delivery.objects.order_by("pk")[0]
    assert "450" in first.last_error
    assert first.not_before > timezone.now() + datetime.timedelta(seconds=30)
    time_passes()
    email.send_due()
    assert (states()[0], len(sink.taken), sink.sessions) == (("sent", 1), 3, 2)


@pytest.mark.parametrize(
    ("place", "answer"),
    [
        ("at_mail", "452 4.3.1 Insufficient system storage"),
        ("at_mail", "550 5.7.1 Sender not allowed"),
        ("at_data", "421 4.3.2 Closing"),
        ("at_data", "452 Full"),
        ("at_recipient", "421 Too many"),
    ],
)
def test_what_is_wrong_for_all_lets_all_wait(waiting: list[Delivery], sink: Sink, place: str, answer: str) -> None:
    setattr(sink, place, [answer])
    assert email.send_due() == 0
    assert states() == [("waiting", 0)] * 3
    assert answer[:3] in ChannelState.objects.get().last_error
    time_passes()
    email.send_due()
    assert sorted(sink.recipients()) == sorted(str(each.recipient.email) for each in waiting)


@pytest.mark.parametrize("way", [CUT, SLOW])
def test_a_line_that_breaks_doubles_at_most_the_one_in_hand(waiting: list[Delivery], sink: Sink, way: str) -> None:
    sink.at_data = ["250 OK", way]
    email.send_due()
    assert states() == [("sent", 0), ("waiting", 1), ("waiting", 0)]
    ChannelState.objects.update(paused_until=None)
    email.send_due()
    assert states()[2] == ("sent", 0), "the others go before the one that may be why"
    time_passes()
    email.send_due()
    assert states() == [("sent", 0), ("sent", 1), ("sent", 0)]
    assert len(sink.taken) == 4
    assert len({message["Message-ID"] for message in sink.taken}) == 3, "mail programs show the same one once"


def test_an_address_that_nobody_is_at_is_believed_after_a_day(
    waiting: list[Delivery], sink: Sink, kari: Employee, client: Client
) -> None:
    def refuse() -> None:
        time_passes()
        sink.at_recipient = ["550 5.1.1 No such user"]
        email.send_due()

    refuse()
    assert states() == [("waiting", 1), ("sent", 0), ("sent", 0)], "the others go, and it is asked again"
    for _ in range(3):
        refuse()
    assert states()[0] == ("failed", 4)
    marked = RefusedAddress.objects.get()
    assert (marked.employee_id, marked.address, marked.answer) == (kari.pk, kari.email, "550 5.1.1 No such user")
    sink.at_recipient = []
    assert sent(kari, 2) == "sent", "it may have been a bad hour"
    assert not RefusedAddress.objects.exists()

    first = wait_for_mail(kari, 3)
    refuse()
    RefusedAddress.objects.update(first_refused_at=timezone.now() - datetime.timedelta(hours=25))
    refuse()
    first.refresh_from_db()
    assert first.state == "failed", "for a day"
    sink.at_recipient = []
    assert sent(kari, 4) == "failed", "it is not asked"
    assert sent(kari, 5, Delivery.Priority.CRITICAL) == "sent", "what is critical is tried all the same"
    assert sent(kari, 6) == "sent"

    RefusedAddress.objects.create(
        employee=kari, address=kari.email or "", first_refused_at=timezone.now() - datetime.timedelta(days=2)
    )
    assert sent(kari, 7) == "failed"
    client.force_login(kari)
    told = client.get(reverse("notification_settings")).content.decode()
    assert f"Det har ikke vært noen på {kari.email} på en stund." in told
    Employee.objects.filter(pk=kari.pk).update(email="kari.nordby@oslo.example.org")
    assert sent(kari, 8) == "sent", "HR has another address"


def sent(person: Employee, number: int, priority: int = Delivery.Priority.ORDINARY) -> str:
    """Send one more message to the person and return what became of it."""
    delivery = wait_for_mail(person, number)
    Delivery.objects.filter(pk=delivery.pk).update(priority=priority)
    email.send_due()
    delivery.refresh_from_db()
    return delivery.state


@pytest.mark.parametrize("answer", ["550 5.1.1 User unknown", "550 down for maintenance", "554 5.4.0 Not now"])
def test_a_server_that_refuses_everybody_is_not_well(sink: Sink, make_employee: MakeEmployee, answer: str) -> None:
    """A bad hour: whatever it says of each, nothing is lost and nobody is silenced."""
    for number in range(30):
        wait_for_mail(make_employee(f"Person {number}"))
    sink.at_recipient = [answer] * 24
    email.send_due()
    assert states().count(("waiting", 1)) == email_refusals.NEARLY_ALL, "then it is asked no more of them"
    assert "nearly everybody" in ChannelState.objects.get().last_error
    for _ in range(7):
        ChannelState.objects.update(paused_until=None)
        email.send_due()
    assert len(sink.taken) == 6, "well again, it takes the others"
    assert ChannelState.objects.get().failing_since is None
    time_passes()
    email.send_due()
    assert {state for state, _ in states()} == {"sent"}
    assert not RefusedAddress.objects.exists()


@pytest.mark.parametrize(
    "answer",
    ["550 5.7.1 Relaying denied", "554 5.7.1 Client host rejected", "530 5.7.0 Authentication required"],
)
def test_what_is_said_of_us_lets_all_wait(waiting: list[Delivery], sink: Sink, answer: str) -> None:
    sink.at_recipient = [answer]
    email.send_due()
    assert states() == [("waiting", 1), ("waiting", 0), ("waiting", 0)]
    assert answer[:3] in ChannelState.objects.get().last_error
    ChannelState.objects.update(paused_until=None)
    email.send_due()
    assert states() == [("waiting", 1), ("sent", 0), ("sent", 0)], "should it be about one alone, the others go"


@pytest.mark.parametrize(
    ("place", "answer", "state", "minutes"),
    [
        ("at_recipient", "552 5.2.2 Mailbox full", "waiting", 59),
        ("at_data", "554 5.7.1 Looks like spam", "waiting", 29),
        ("at_data", "451 4.7.1 Later", "waiting", 0),
        ("at_mail", "552 Too large", "failed", 0),
    ],
)
def test_what_is_said_of_one_message(
    waiting: list[Delivery], sink: Sink, place: str, answer: str, state: str, minutes: int
) -> None:
    setattr(sink, place, [answer])
    email.send_due()
    assert states() == [(state, 1), ("sent", 0), ("sent", 0)]
    assert not RefusedAddress.objects.exists()
    first = Delivery.objects.order_by("pk")[0]
    assert first.not_before >= first.created_at + datetime.timedelta(minutes=minutes)


def test_who_leaves_while_others_are_sent_to_gets_nothing(
    waiting: list[Delivery], sink: Sink, liv: Employee, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The person is read when the message is sent, not when it was taken up with a hundred others."""
    whole = Sink.handle_DATA

    async def leave_then_take(self: Sink, server: Any, session: Any, envelope: Any) -> str:
        left.append(True)
        return await whole(self, server, session, envelope)

    left: list[bool] = []
    monkeypatch.setattr(Sink, "handle_DATA", leave_then_take)
    real = ledger.still_mine

    def leaving(delivery: Delivery) -> bool:
        if left:
            Employee.objects.filter(pk=liv.pk).update(is_active=False)
        return real(delivery)

    monkeypatch.setattr(ledger, "still_mine", leaving)
    email.send_due()
    assert str(liv.email) not in sink.recipients()
    assert states()[2] == ("skipped", 0)


def test_an_address_that_is_none_stops_nobody_else(waiting: list[Delivery], sink: Sink, kari: Employee) -> None:
    Employee.objects.filter(pk=kari.pk).update(email="kari\nBcc: alle@oslo.example")
    email.send_due()
    assert states() == [("failed", 1), ("sent", 0), ("sent", 0)]


def test_nothing_waits_for_who_has_left(waiting: list[Delivery], liv: Employee) -> None:
    employees_left.send(sender=Employee, employee_ids=[liv.pk])
    assert states() == [("waiting", 0), ("waiting", 0), ("skipped", 0)]


def test_keeps_the_pace_over_all_who_send(waiting: list[Delivery], sink: Sink, settings: Any) -> None:
    settings.MESSAGES_PER_MINUTE = {"email": 60}
    assert email.send_due() == 2, "what two seconds hold"
    assert email.send_due() == 0
    ago = timezone.now() - datetime.timedelta(seconds=1)
    ChannelState.objects.update(paced_until=ago)
    assert email.send_due() == 1
    ChannelState.objects.update(paced_until=timezone.now() + datetime.timedelta(hours=2))
    wait_for_mail(waiting[0].recipient, 2)
    assert email.send_due() == 1, "the clock has been set back"
