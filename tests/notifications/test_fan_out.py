"""The engine that works through things for many people."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import pytest
from celery import current_app as app
from django.utils import timezone

from notifications.actions import start_fan_out
from notifications.fan_out import Step, jobs, run_due_fan_outs, run_fan_out
from notifications.models import FanOut

pytestmark = pytest.mark.django_db(transaction=True)


class CountTo:
    """A job of five chunks of ten that can be made to fail once."""

    def __init__(self) -> None:
        self.fails_at: int | None = None
        self.chunks: list[int] = []

    def __call__(self, fan_out: FanOut) -> Step:
        if self.fails_at == fan_out.cursor:
            self.fails_at = None
            raise RuntimeError("the worker stumbles")
        self.chunks.append(fan_out.cursor)
        return Step(cursor=fan_out.cursor + 10, done=10, finished=fan_out.cursor >= 40)


@pytest.fixture
def job() -> Iterator[CountTo]:
    counter = jobs.add("tests.count", CountTo())
    yield counter  # type: ignore[misc]
    jobs._items.pop("tests.count")


def test_runs_every_chunk_once(job: CountTo) -> None:
    fan_out = start_fan_out(job="tests.count", key="1")
    assert run_fan_out(fan_out.pk)
    fan_out.refresh_from_db()
    assert (fan_out.state, fan_out.done_count) == ("done", 50)
    assert job.chunks == [0, 10, 20, 30, 40]
    assert not run_fan_out(fan_out.pk), "a finished one is not run again"


def test_started_twice_is_stored_once(job: CountTo) -> None:
    assert start_fan_out(job="tests.count", key="1") == start_fan_out(job="tests.count", key="1")


def test_error_is_kept_and_work_goes_on_where_it_stopped(job: CountTo) -> None:
    job.fails_at = 20
    fan_out = start_fan_out(job="tests.count", key="1")
    run_fan_out(fan_out.pk)
    fan_out.refresh_from_db()
    assert (fan_out.state, fan_out.cursor, fan_out.attempts) == ("running", 20, 1)
    assert "the worker stumbles" in fan_out.last_error
    assert run_due_fan_outs() == 0, "it rests before it is tried again"
    FanOut.objects.update(not_before=timezone.now())
    assert run_due_fan_outs() == 1
    assert job.chunks == [0, 10, 20, 30, 40]


def test_leased_work_is_left_alone_until_the_lease_runs_out(job: CountTo) -> None:
    fan_out = start_fan_out(job="tests.count", key="1")
    FanOut.objects.update(state="running", cursor=30, leased_until=timezone.now() + datetime.timedelta(seconds=30))
    assert run_due_fan_outs() == 0
    FanOut.objects.update(leased_until=timezone.now() - datetime.timedelta(seconds=1))
    assert run_due_fan_outs() == 1
    fan_out.refresh_from_db()
    assert (fan_out.state, job.chunks) == ("done", [30, 40])


def test_no_broker_is_no_error(job: CountTo, monkeypatch: pytest.MonkeyPatch) -> None:
    """Enqueuing answers at once when nothing listens; the row waits for the sweeper."""
    monkeypatch.setattr(app.conf, "broker_url", "redis://127.0.0.1:1/0")
    monkeypatch.setattr(app, "_pool", None)
    monkeypatch.setattr(app.amqp, "_producer_pool", None)
    fan_out = start_fan_out(job="tests.count", key="away")
    assert run_due_fan_outs() == 1
    fan_out.refresh_from_db()
    assert fan_out.state == "done"
