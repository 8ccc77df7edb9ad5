"""What operators see of what is sent, and what they may do about it."""

from __future__ import annotations

import datetime
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from directory.models import AuditEvent, Employee
from notifications.channels import states
from notifications.models import ChannelState, Delivery, FanOut, Pulse, RefusedAddress
from notifications.operating.actions import give_up, run_again, try_again
from notifications.operating.pulses import Beating, beat
from notifications.operating.reading import Heap, read_health
from notifications.tasks import beat_for_worker

HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def message(amina: Employee) -> Any:
    def make(**facts: Any) -> Delivery:
        number = Delivery.objects.count()
        made = Delivery(recipient=amina, channel="email", kind="comment", event_key=f"comment:{number}")
        for name, value in facts.items():
            setattr(made, name, value)
        made.save()
        return made

    return make


@pytest.fixture
def at_desk(client: Client, admin: Employee) -> Client:
    client.force_login(admin)
    return client


def heap(heaps: list[Heap]) -> list[tuple[str, str, int, str]]:
    return [(one.kind, one.why, one.count, one.error) for one in heaps]


def test_what_waits_is_told_oldest_first_with_why_and_without_whom(message: Any) -> None:
    now = timezone.now()
    message(not_before=now - HOUR, attempts=3, last_error="SMTPError: 450 <amina@example.org> busy, call 912 34 567")
    message(not_before=now - HOUR, attempts=2, last_error="SMTPError: 450 <kari@example.org> busy, call 98 76 54 32")
    message(leased_until=now + HOUR / 60)
    message(not_before=now - 2 * HOUR, kind="mention")
    message(not_before=now + HOUR)
    message(state="failed", last_error="550 no such mailbox")
    message(state="sent", sent_at=now - 2 * HOUR)
    health = read_health()
    assert heap(health.waiting) == [
        ("comment", "tried", 2, "SMTPError: 450 <…> busy, call …"),
        ("comment", "sending", 1, ""),
        ("mention", "due", 1, ""),
        ("comment", "later", 1, ""),
    ]
    assert health.waiting[0].attempts == 3
    assert heap(health.failed) == [("comment", "failed", 1, "550 no such mailbox")]
    email = health.channels[0]
    assert (email.due, email.later, email.failed, email.sent_last_day, email.sent_last_hour) == (4, 1, 1, 1, 0)
    assert email.due_since == now - 2 * HOUR


def test_the_same_few_questions_however_much_waits(message: Any) -> None:
    counts = []
    for _ in range(2):
        message()
        FanOut.objects.create(job=f"a job {Delivery.objects.count()}", key="1")
        with CaptureQueriesContext(connection) as queries:
            read_health()
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 9


def test_says_what_somebody_should_look_at(message: Any, settings: Any) -> None:
    now = timezone.now()
    beat(Pulse.Process.SWEEPER)
    beat_for_worker()
    assert read_health().problems == []
    states.rest("email", OSError("nobody answers"))
    ChannelState.objects.update(failing_since=now - HOUR)
    Pulse.objects.filter(process="worker").update(beaten_at=now - HOUR)
    long_ago = {"not_before": now - HOUR, "created_at": now - HOUR}
    FanOut.objects.create(job="announcements.deliver", key="1", last_error="DataError: bad\nDETAIL: Amina", **long_ago)
    message()
    health = read_health()
    assert health.problems == ["worker silent", "email failing", "announcements.deliver standing still"]
    assert health.jobs[0].error == "DataError: bad"
    with pytest.raises(CommandError, match="email failing"):
        call_command("deliveries", "--check", stdout=(said := StringIO()))
    assert "failing since" in said.getvalue()
    assert "email comment: 1 due" in said.getvalue()


def test_tries_again_and_gives_up_with_a_line_in_the_log(message: Any, admin: Employee) -> None:
    refused = message(state="failed", attempts=12, last_error="550 no")
    later = message(not_before=timezone.now() + HOUR)
    sending = message(leased_until=timezone.now() + HOUR / 60)
    due = message()
    states.rest("email", OSError("nobody answers"))
    assert give_up(actor=admin, channel="email", kind="comment") == 1
    assert try_again(actor=admin, channel="email", kind="mention") == 0
    assert not states.is_resting("email")
    assert try_again(actor=admin, channel="email", kind="comment") == 2
    for one in (refused, later, sending, due):
        one.refresh_from_db()
        assert (one.state, one.attempts, one.last_error) == ("waiting", 0, "")
    assert later.not_before > timezone.now()
    logged = AuditEvent.objects.filter(verb__startswith="notifications.").order_by("pk")
    assert [(event.verb, event.facts["count"]) for event in logged] == [
        ("notifications.given_up", 1),
        ("notifications.tried_again", 0),
        ("notifications.tried_again", 2),
    ]


def test_takes_up_work_for_many_again(admin: Employee, amina: Employee) -> None:
    failed = FanOut.objects.create(job="a", key="1", state="failed", attempts=20, last_error="boom")
    held = FanOut.objects.create(job="a", key="2", state="running", attempts=1, leased_until=timezone.now() + HOUR / 60)
    assert run_again(actor=admin, job="a") == 1
    failed.refresh_from_db()
    held.refresh_from_db()
    assert (failed.state, failed.attempts, held.attempts) == ("waiting", 0, 1)
    for refused in (run_again, try_again, give_up):
        named = {"job": "a"} if refused is run_again else {"channel": "email", "kind": "a"}
        with pytest.raises(PermissionDenied):
            refused(actor=amina, **named)


def test_the_page_with_its_buttons(message: Any, at_desk: Client, amina: Employee) -> None:
    message(attempts=1, last_error="450 busy")
    message(state="failed", last_error="550 no")
    FanOut.objects.create(job="feed.tell", key="1", state="failed", last_error="boom")
    since = {"first_refused_at": timezone.now() - 25 * HOUR}
    RefusedAddress.objects.create(employee=amina, address="amina@example.org", answer="550", **since)
    page = at_desk.get(reverse("manage_deliveries")).content.decode()
    for told in ("450 busy", "550 no", "feed.tell", "prøvd 1 gang", "1 person har en adresse"):
        assert told in page
    assert amina.last_name not in page
    assert "amina@" not in page
    answer = at_desk.post(reverse("give_deliveries_up", args=["email", "comment"]), follow=True)
    assert "1 melding er gitt opp." in answer.content.decode()
    answer = at_desk.post(reverse("try_deliveries_again", args=["email", "comment"]), follow=True)
    assert "2 meldinger prøves igjen nå." in answer.content.decode()
    at_desk.post(reverse("run_job_again", args=["feed.tell"]))
    assert FanOut.objects.get().state == "waiting"
    assert "Prøv disse adressene igjen" in at_desk.get(reverse("manage_deliveries")).content.decode()
    at_desk.post(reverse("try_channel_again", args=["email"]))
    assert not RefusedAddress.objects.exists()
    assert at_desk.post(reverse("try_channel_again", args=["pigeon"])).status_code == 404


def test_the_api_tells_and_does_the_same(message: Any, at_desk: Client) -> None:
    message(attempts=1, last_error="450 busy")
    told = at_desk.get("/api/v1/deliveries/").json()
    assert (told["waiting"][0]["error"], told["channels"][0]["due"]) == ("450 busy", 1)
    named = {"channel": "email", "kind": "comment"}
    given_up = at_desk.post("/api/v1/deliveries/give-up/", named, content_type="application/json")
    again = at_desk.post("/api/v1/deliveries/again/", {"channel": "email"}, content_type="application/json")
    assert (given_up.json(), again.json()) == ({"count": 1}, {"count": 1})
    wrong = at_desk.post("/api/v1/deliveries/again/", {"channel": "pigeon"}, content_type="application/json")
    assert wrong.status_code == 400


def test_a_loop_does_not_beat_in_every_round(db: None) -> None:
    alive = Beating(Pulse.Process.SWEEPER)
    alive()
    Pulse.objects.all().delete()
    alive()
    assert not Pulse.objects.exists()
