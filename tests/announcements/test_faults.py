"""What may break while an announcement goes out, in short: nobody is missed, nobody is told twice."""

from __future__ import annotations

import datetime
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from redis import Redis

from announcements import fan_outs
from announcements.actions import draft_announcement, ledger, publish_announcement, withdraw_announcement
from announcements.models import Announcement, Receipt
from directory.models import Employee
from notifications import fan_out as engine
from notifications import live
from notifications.channels.email import send_due
from notifications.models import Delivery, FanOut
from notifications.sweeping import sweep_once
from tests.announcements.conftest import content
from tests.intranet.processes import Program, wait_until

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE, CHUNK = 240, 20


@pytest.fixture
def crowd(liv: Employee) -> list[Employee]:
    """Liv and 240 more, each with an e-mail address."""
    Employee.objects.bulk_create(
        Employee(username=f"p{n}", first_name=f"Person {n}", email=f"p{n}@oslo.example") for n in range(PEOPLE)
    )
    return list(Employee.objects.order_by("pk"))


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fan_outs, "CHUNK", CHUNK)


@pytest.fixture(autouse=True)
def empty_queue() -> Iterator[None]:
    """This process's own Redis database, empty before and after."""
    redis = Redis.from_url(settings.REDIS_URL)
    redis.flushdb()
    yield
    redis.flushdb()


def publish(author: Employee) -> FanOut:
    draft = draft_announcement(actor=author, content=content(author))
    publish_announcement(actor=author, announcement=draft)
    return FanOut.objects.get(job="announcements.deliver")


def work_until(fan_out: FanOut, cursor_of: Employee) -> None:
    """Do chunk after chunk, as a worker does, until `cursor_of` has been told."""
    FanOut.objects.filter(pk=fan_out.pk).update(state="running")
    while FanOut.objects.get(pk=fan_out.pk).cursor < cursor_of.pk:
        engine._do_chunk(fan_out.pk)


def time_passes() -> None:
    """Let leases run out and pauses end."""
    FanOut.objects.update(leased_until=None, not_before=timezone.now() - datetime.timedelta(seconds=1))


def check_everyone_once(crowd: list[Employee]) -> None:
    expected = {person.pk for person in crowd}
    receipts = list(Receipt.objects.values_list("employee", flat=True))
    assert len(receipts) == len(set(receipts)) == len(expected)
    assert set(receipts) == expected
    mails = list(Delivery.objects.values_list("recipient", flat=True))
    assert len(mails) == len(set(mails))
    assert set(mails) == expected
    assert Announcement.objects.get().state == "published"
    assert FanOut.objects.get(job="announcements.deliver").state == "done"


def test_two_workers_at_once(liv: Employee, crowd: list[Employee], small_chunks: None) -> None:
    fan_out = publish(liv)
    FanOut.objects.update(state="running")
    errors: list[BaseException] = []

    def work() -> None:
        try:
            while not engine._do_chunk(fan_out.pk):
                pass
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not errors
    check_everyone_once(crowd)


def test_published_twice_at_the_same_moment_is_sent_once(liv: Employee, crowd: list[Employee]) -> None:
    draft = draft_announcement(actor=liv, content=content(liv))
    outcomes: list[str] = []

    def press() -> None:
        try:
            publish_announcement(actor=Employee.objects.get(pk=liv.pk), announcement=draft)
            outcomes.append("sent")
        except Exception as error:
            outcomes.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(outcomes) == ["RefusedError", "RefusedError", "sent"]
    sweep_once()
    check_everyone_once(crowd)


def test_a_chunk_that_fails_is_done_again(
    liv: Employee, crowd: list[Employee], small_chunks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare, calls = ledger.prepare_emails, []

    def stumble(*args: object) -> int:
        calls.append(args)
        stored = prepare(*args)  # type: ignore[arg-type]
        if len(calls) == 5:
            raise RuntimeError("the database goes away")
        return stored

    monkeypatch.setattr(fan_outs, "prepare_emails", stumble)
    fan_out = publish(liv)
    engine.run_fan_out(fan_out.pk)
    fan_out.refresh_from_db()
    assert (fan_out.state, fan_out.attempts) == ("running", 1)
    assert Delivery.objects.count() == 4 * CHUNK, "what failed left nothing behind"
    time_passes()
    sweep_once()
    check_everyone_once(crowd)


def test_published_while_redis_is_away(
    liv: Employee, crowd: list[Employee], client_of: Callable[[Employee], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The request answers at once; the sweeper, which needs no broker, sends."""
    monkeypatch.setattr(settings, "REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setattr(current_app.conf, "broker_url", "redis://127.0.0.1:1/0")
    monkeypatch.setattr(current_app, "_pool", None)
    monkeypatch.setattr(current_app.amqp, "_producer_pool", None)
    live._redis.cache_clear()
    try:
        draft = draft_announcement(actor=liv, content=content(liv))
        began = time.monotonic()
        answer = client_of(liv).post(reverse("publish_announcement", args=[draft.public_id]))
        assert answer.status_code == 302
        assert time.monotonic() - began < 5
        assert Announcement.objects.get().state == "sending"
        sweep_once()
    finally:
        live._redis.cache_clear()
        cache.close()
    check_everyone_once(crowd)


def test_people_leave_half_way(liv: Employee, crowd: list[Employee], small_chunks: None) -> None:
    fan_out = publish(liv)
    work_until(fan_out, crowd[PEOPLE // 2])
    told = Delivery.objects.count()
    leavers = [person.pk for person in crowd[-50:]]
    Employee.objects.filter(pk__in=leavers).update(is_active=False)
    time_passes()
    sweep_once()
    assert Receipt.objects.count() == len(crowd), "the account of the freeze stays whole"
    assert Delivery.objects.count() == len(crowd) - 50 > told
    figures = Announcement.objects.get().receipts.totals()
    assert (figures["audience"], figures["active"], figures["left"]) == (len(crowd), len(crowd) - 50, 50)


def test_withdrawn_half_way(liv: Employee, crowd: list[Employee], small_chunks: None, mailoutbox: list) -> None:
    fan_out = publish(liv)
    work_until(fan_out, crowd[PEOPLE // 2])
    told = Delivery.objects.count()
    withdraw_announcement(actor=liv, announcement=Announcement.objects.get())
    time_passes()
    sweep_once()
    while send_due():
        pass
    assert FanOut.objects.get(job="announcements.deliver").state == "done"
    assert Delivery.objects.count() == told < len(crowd)
    assert set(Delivery.objects.values_list("state", flat=True)) == {"skipped"}
    assert mailoutbox == []


def test_worker_killed_and_redis_flushed_half_way(liv: Employee, crowd: list[Employee]) -> None:
    """A real worker dies by SIGKILL in the middle, the queue is lost, and the sweeper finishes."""
    database = connection.settings_dict
    address = f"postgres://{database['USER']}@{str(database['HOST']).replace('/', '%2F')}/{database['NAME']}"
    script = Path(__file__).with_name("slow_worker.py")
    environment = {
        "DATABASE_URL": address + (f"?port={database['PORT']}" if database.get("PORT") else ""),
        "REDIS_URL": settings.REDIS_URL,
        "SECRET_KEY": "only-for-this-test",
        "DJANGO_SETTINGS_MODULE": "intranet.settings",
        "EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend",
        "PYTHONPATH": str(settings.BASE_DIR),
    }
    with Program([sys.executable, str(script), str(CHUNK)], **environment) as worker:
        fan_out = publish(liv)
        half_way = crowd[PEOPLE // 2].pk
        wait_until(
            lambda: FanOut.objects.get(pk=fan_out.pk).cursor >= half_way or worker.process.poll() is not None, 60
        )
        os.kill(worker.process.pid, signal.SIGKILL)
        worker.process.wait(10)
        assert half_way <= FanOut.objects.get(pk=fan_out.pk).cursor < crowd[-1].pk, worker.output
        Redis.from_url(settings.REDIS_URL).flushdb()
    assert FanOut.objects.get(pk=fan_out.pk).state == "running"
    assert engine.run_due_fan_outs() == 0, "its lease still stands"
    time_passes()
    sweep_once()
    check_everyone_once(crowd)


def test_the_request_and_its_fan_out_are_stored_together(liv: Employee, crowd: list[Employee]) -> None:
    """The web process dies before the commit: neither the announcement nor the fan-out has happened."""
    draft = draft_announcement(actor=liv, content=content(liv))

    @transaction.atomic
    def die_before_the_commit() -> None:
        publish_announcement(actor=liv, announcement=draft)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        die_before_the_commit()
    assert not FanOut.objects.exists()
    assert Announcement.objects.get().state == "draft"
