"""Real processes break half-way, in short; `manage.py drill` does the same to all of them at full size."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core import mail
from django.db import connection
from kombu import Connection
from redis import Redis

from announcements import fan_outs
from announcements.actions import draft_announcement
from announcements.models import Announcement
from directory.models import Employee
from intranet.runner.servers import Valkey
from intranet.runner.state import State
from intranet.services import celery_url
from notifications import fan_out as engine
from notifications import tasks
from notifications.channels.email import send_due
from notifications.models import FanOut
from notifications.sweeping import sweep_once
from tests.announcements.conftest import content
from tests.announcements.fault_world import (
    CHUNK,
    PEOPLE,
    check_everyone_once,
    make_crowd,
    one_pair_of_eyes,
    process_environment,
    publish,
    time_passes,
)
from tests.intranet.processes import Program, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
Strike = Callable[["HalfWay"], None]


@pytest.fixture
def crowd(liv: Employee) -> list[Employee]:
    return make_crowd()


class OwnRedis:
    """A Redis that this test may break."""

    def __init__(self, folder: Path) -> None:
        self.server = Valkey(State(folder))
        self.url = State(folder).redis_url
        self.start()

    def start(self) -> None:
        self.server.prepare()
        self.process = subprocess.Popen(self.server.command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(self.server.answers)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(10)


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[OwnRedis]:
    redis = OwnRedis(tmp_path)
    yield redis
    redis.kill()


class HalfWay:
    """A real worker that has told half of the people, and what it works with."""

    def __init__(self, worker: Program, redis: OwnRedis) -> None:
        self.worker = worker
        self.redis = redis

    def kill_worker(self) -> None:
        os.kill(self.worker.process.pid, signal.SIGKILL)
        self.worker.process.wait(10)

    def restart_redis(self) -> None:
        self.redis.kill()
        self.redis.start()

    def flush_redis(self) -> None:
        Redis.from_url(self.redis.url).flushall()

    def end_database_sessions(self) -> None:
        """What a restart of PostgreSQL does to a worker; the server itself is needed by other tests."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    def kill_worker_and_flush_redis(self) -> None:
        self.kill_worker()
        self.flush_redis()


@pytest.mark.parametrize(
    "strike",
    [HalfWay.kill_worker_and_flush_redis, HalfWay.restart_redis, HalfWay.end_database_sessions],
)
def test_a_real_worker_is_struck_half_way(
    strike: Strike, liv: Employee, crowd: list[Employee], own_redis: OwnRedis
) -> None:
    script = str(Path(__file__).with_name("slow_worker.py"))
    with Program([sys.executable, script, str(CHUNK)], **process_environment(REDIS_URL=own_redis.url)) as worker:
        fan_out = publish(liv)
        with Connection(celery_url(own_redis.url)) as broker:
            tasks.run_fan_out.apply_async(args=(fan_out.pk,), connection=broker)  # type: ignore[call-arg]
        half_way = crowd[PEOPLE // 2].pk
        wait_until(lambda: _cursor(fan_out) >= half_way or worker.process.poll() is not None, 60)
        strike(HalfWay(worker, own_redis))
        assert half_way <= _cursor(fan_out) < crowd[-1].pk, worker.output
        if worker.process.poll() is None:
            _await_done_or_put_aside(fan_out)
        else:
            assert engine.run_due_fan_outs() == 0, "the lease of the dead still stands"
    time_passes()
    sweep_once()
    check_everyone_once(crowd)


def _cursor(fan_out: FanOut) -> int:
    return int(FanOut.objects.get(pk=fan_out.pk).cursor)


def _await_done_or_put_aside(fan_out: FanOut) -> None:
    """Wait until the worker is done with it, or has put it aside for a later try."""
    mine = FanOut.objects.filter(pk=fan_out.pk)
    wait_until(lambda: mine.filter(state="done").exists() or mine.filter(attempts__gt=0).exists(), 30)


def test_the_web_process_dies_between_commit_and_enqueue(liv: Employee, crowd: list[Employee]) -> None:
    """All that is left is the row; the sweeper finds it."""
    one_pair_of_eyes()
    draft = draft_announcement(actor=liv, content=content(liv))
    script = str(Path(__file__).with_name("dying_web.py"))
    with Program([sys.executable, script, str(draft.pk)], **process_environment()) as web:
        assert web.wait(30) == -signal.SIGKILL, web.output
    assert Announcement.objects.get().state == "sending"
    assert FanOut.objects.get().state == "waiting"
    sweep_once()
    check_everyone_once(crowd)


def test_every_task_twice_and_two_sweepers(
    liv: Employee, crowd: list[Employee], monkeypatch: pytest.MonkeyPatch, mailoutbox: list[mail.EmailMessage]
) -> None:
    """Four work on the same fan-out without asking for its lease, two sweep, two send: all at once."""
    monkeypatch.setattr(fan_outs, "CHUNK", CHUNK)
    fan_out = publish(liv)
    FanOut.objects.update(state="running")

    def chunks() -> None:
        while not engine._do_chunk(fan_out.pk):
            pass

    def sweep() -> None:
        while not FanOut.objects.filter(pk=fan_out.pk, state="done").exists():
            sweep_once()

    _side_by_side(chunks, chunks, chunks, chunks, sweep, sweep, send_due, send_due)
    while send_due():
        pass
    check_everyone_once(crowd)
    sent = sorted(message.to[0] for message in mailoutbox)
    assert sent == sorted(person.email or "" for person in crowd), "each got one e-mail"


def _side_by_side(*works: Callable[[], object]) -> None:
    errors: list[BaseException] = []

    def run(work: Callable[[], object]) -> None:
        try:
            work()
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not errors
