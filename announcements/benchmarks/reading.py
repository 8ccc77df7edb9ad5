"""Reading: the clicks of those it reached, the figures, and a home page among thousands of live announcements."""

from __future__ import annotations

import datetime
import itertools
import time
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from announcements.benchmarks.stage import Stage, browser_of, empty_ledger, prepare, press_the_button
from announcements.models import Announcement, Receipt
from announcements.unit_figures import read_unit_figures
from conversations.models import Thread
from directory.models import Employee
from groups.models import Audience
from notifications.fan_out import run_fan_out

FLOOR = "/bench/floor/"
REQUESTS = 20
OTHERS_LIVE = 5000

RAW_FIGURES = """
SELECT unit.agency_id, count(*), count(receipt.seen_at), count(receipt.acknowledged_at)
FROM announcements_receipt receipt
JOIN directory_employee employee ON employee.id = receipt.employee_id AND employee.is_active
LEFT JOIN directory_orgunit unit ON unit.id = receipt.unit_id
WHERE receipt.announcement_id = %s GROUP BY unit.agency_id
"""


def seconds_of(request: Callable[[], HttpResponse]) -> float:
    """Return the seconds one request takes, the mean of twenty. Raises AssertionError when one is refused."""
    began = time.perf_counter()
    for _ in range(REQUESTS):
        assert request().status_code < 400  # type: ignore[attr-defined, unused-ignore]
    return (time.perf_counter() - began) / REQUESTS


def open_floor(stage: Stage) -> float:
    return seconds_of(lambda: stage.client.get(FLOOR))  # type: ignore[arg-type, return-value]


def prepare_sent(scale: float) -> Stage:
    """Sent to everyone, seen by every second."""
    stage = prepare(scale)
    empty_ledger()
    run_fan_out(press_the_button(stage.writer, stage.draft).pk)
    now = timezone.now()
    some = list(stage.draft.receipts.values_list("employee_id", flat=True)[::2])
    stage.draft.receipts.filter(employee__in=some).update(seen_at=now, delivered_at=now)
    stage.readers = itertools.cycle(stage.draft.receipts.unseen().values_list("employee_id", flat=True)[:2000])
    return stage


def prepare_reader(scale: float) -> Stage:
    """A reader who keeps nothing."""
    stage = prepare_sent(scale)
    reader = Employee.objects.active().exclude(role_grants__isnull=False).order_by("pk").first()
    stage.client = browser_of(reader)
    return stage


def confirm(stage: Stage) -> float:
    """Twenty people confirm what they had not seen, each in the own session; in seconds for one."""
    return _by_twenty(stage, "acknowledge_announcement", {"revision": 1, "language": "nb"}, 302)


def mark_seen(stage: Stage) -> float:
    """Twenty people have it in view for the first time, each in the own session; in seconds for one."""
    return _by_twenty(stage, "see_announcement", {"beacon": "1"}, 204)


def _by_twenty(stage: Stage, name: str, form: dict[str, Any], status: int) -> float:
    address = reverse(name, args=[stage.draft.public_id])
    clients = [browser_of(Employee.objects.get(pk=next(stage.readers))) for _ in range(REQUESTS)]
    began = time.perf_counter()
    for client in clients:
        assert client.post(address, form).status_code == status
    return (time.perf_counter() - began) / REQUESTS


def read_units(stage: Stage) -> None:
    read_unit_figures(stage.draft)


def read_units_raw(stage: Stage) -> None:
    with connection.cursor() as cursor:
        cursor.execute(RAW_FIGURES, [stage.draft.pk])
        cursor.fetchall()


def prepare_many_live(scale: float) -> Stage:
    """Three announcements to the reader, and thousands that are live for others."""
    stage = prepare_reader(scale)
    reader = Employee.objects.get(pk=stage.client.session["_auth_user_id"])
    _live_for(reader, 2, "published")
    assert reader.receipts.on_top().count() == 3
    stage.others = [one.pk for one in _live_for(stage.writer, OTHERS_LIVE, "withdrawn")]
    return stage


def _live_for(reader: Employee, count: int, state: str) -> list[Announcement]:
    now = timezone.now()
    facts = {"author": reader, "published_at": now, "on_top_until": now + datetime.timedelta(days=1)}
    threads = Thread.objects.bulk_create(Thread(owner_kind="announcement") for _ in range(count))
    audiences = Audience.objects.bulk_create(Audience() for _ in range(count))
    sent = Announcement.objects.bulk_create(
        Announcement(thread=thread, audience=audience, state=state, **facts)
        for thread, audience in zip(threads, audiences, strict=True)
    )
    Receipt.objects.bulk_create(Receipt(announcement=one, employee=reader) for one in sent)
    return sent


def home_with_many_live(stage: Stage) -> float:
    return _home(stage, "published")


def home_with_few_live(stage: Stage) -> float:
    return _home(stage, "withdrawn")


def _home(stage: Stage, state: str) -> float:
    Announcement.objects.filter(pk__in=stage.others).update(state=state)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE announcements_announcement")
    return seconds_of(lambda: stage.client.get("/"))  # type: ignore[arg-type, return-value]
