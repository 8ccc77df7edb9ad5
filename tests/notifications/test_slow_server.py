"""A mail server that takes its time: it holds one process, and no other road waits for it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from celery import current_app
from django.db import connections
from django.utils import timezone

from core.database import lock_number
from directory.models import Employee
from notifications.channels import email, ledger, turns
from notifications.channels import states as channel_states
from notifications.kinds import kinds
from notifications.models import ChannelState, Delivery, FanOut
from notifications.operating.reading import read_health
from notifications.sweeping import sweep_once
from notifications.tasks import run_fan_out, send_due_emails
from tests.notifications.mail_sink import Calls, Sink, free_port, listening, wait_for_mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def slow(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sink]:
    """A real server that is slow, for a stretch that is short."""
    kinds.add(Calls.key, Calls())
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", free_port(), 2
    monkeypatch.setattr(ledger, "STRETCH_SECONDS", 0.1)
    monkeypatch.setattr(channel_states, "SLOW_SECONDS", 0.15)
    sink = Sink()
    sink.seconds = 0.2
    with listening(sink, settings.EMAIL_PORT):
        yield sink
    kinds._items.pop(Calls.key)


@pytest.fixture
def waiting(kari: Employee, amina: Employee, liv: Employee) -> list[Delivery]:
    return [wait_for_mail(person) for person in (kari, amina, liv)]


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was sent to the workers, task by task."""
    sent: list[str] = []
    monkeypatch.setattr("core.queues._send", lambda task, args: sent.append(task.name))
    return sent


def test_a_stretch_ends_and_the_rest_comes_behind_what_waits(
    waiting: list[Delivery],
    slow: Sink,
    queued: list[str],
    django_capture_on_commit_callbacks: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        send_due_emails()
    assert (len(slow.taken), queued) == (1, ["notifications.tasks.send_due_emails"])
    assert not Delivery.objects.filter(leased_until__isnull=False).exists(), "whoever comes first may take them up"
    assert [one.channel for one in read_health().channels if one.slow_seconds is not None] == ["email"]
    Delivery.objects.update(not_before=timezone.now() - datetime.timedelta(minutes=2))
    assert "email slow" in read_health().problems
    slow.seconds = 0.0
    monkeypatch.setattr(ledger, "STRETCH_SECONDS", 60.0)
    monkeypatch.setattr(channel_states, "SLOW_SECONDS", 60.0)
    email.send_due()
    assert (len(slow.taken), ChannelState.objects.get().last_error) == (3, "")
    with django_capture_on_commit_callbacks(execute=True):
        send_due_emails()
    assert len(queued) == 1, "nothing is left"


def test_one_process_at_a_time_meets_a_slow_server(waiting: list[Delivery], slow: Sink, queued: list[str]) -> None:
    other = connections["default"].copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [lock_number("sending over email")])
        send_due_emails()
        assert (slow.sessions, queued) == (0, []), "another is at it"
        ChannelState.objects.create(channel="email", last_error="Slow: 32 s for each message")
        assert turns.help_out("email", email.send_due) == 0, "the sweeper leaves it to them"
        ChannelState.objects.update(last_error="")
        assert turns.help_out("email", email.send_due) == 1, "and helps where the server is quick"
    finally:
        other.close()


def test_the_sweeper_does_what_people_see_first(
    waiting: list[Delivery], slow: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[int] = []

    def run_fan_outs() -> int:
        done.append(len(slow.taken))
        return 0

    monkeypatch.setattr("notifications.sweeping.rounds", {"fan-outs": run_fan_outs})
    assert sweep_once() == 1
    assert (done, len(slow.taken)) == ([0], 1)


def test_work_for_many_does_not_stand_behind_messages(amina: Employee) -> None:
    route = current_app.amqp.router.route
    assert route({}, run_fan_out.name)["queue"].name < route({}, send_due_emails.name)["queue"].name
    assert current_app.conf.broker_transport_options["queue_order_strategy"] == "sorted"
    assert FanOut.objects.count() == 0


def test_no_server_holds_a_message_longer_than_its_lease(
    waiting: list[Delivery], slow: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ledger.LEASE.total_seconds() > email.LONGEST_SECONDS
    slow.seconds = 0.0
    assert email.send_due(1) == 1
    slow.seconds = 1.5
    monkeypatch.setattr(email, "LONGEST_SECONDS", 0.5)
    assert email.send_due() == 0
    second = Delivery.objects.order_by("pk")[1]
    assert (second.state, second.attempts) == ("waiting", 1)
    assert ChannelState.objects.get().last_error == "ChannelAwayError: no end of one message in 0 s"
