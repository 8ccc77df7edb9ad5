"""What may break while an announcement goes out, in short: nobody is missed, nobody is told twice.

Real processes break in `test_process_faults.py`, all of them at full size in `manage.py drill`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from redis import Redis

from announcements import fan_outs
from announcements.actions import draft_announcement, ledger, publish_announcement, withdraw_announcement
from announcements.models import Announcement, Receipt
from directory.models import Employee
from notifications import fan_out as engine
from notifications.channels.email import send_due
from notifications.models import Delivery, FanOut
from notifications.sweeping import sweep_once
from tests.announcements.conftest import content
from tests.announcements.fault_world import (
    CHUNK,
    PEOPLE,
    check_everyone_once,
    make_crowd,
    one_pair_of_eyes,
    publish,
    time_passes,
    work_until,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def crowd(liv: Employee) -> list[Employee]:
    """Liv and 240 more, each with an e-mail address."""
    return make_crowd()


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


def test_published_twice_at_the_same_moment_is_sent_once(liv: Employee, crowd: list[Employee]) -> None:
    one_pair_of_eyes()
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
    prepare, calls = ledger.prepare_messages, []

    def stumble(*args: object) -> int:
        calls.append(args)
        stored = prepare(*args)  # type: ignore[arg-type]
        if len(calls) == 5:
            raise RuntimeError("the database goes away")
        return stored

    monkeypatch.setattr(fan_outs, "prepare_messages", stumble)
    fan_out = publish(liv)
    engine.run_fan_out(fan_out.pk)
    fan_out.refresh_from_db()
    assert (fan_out.state, fan_out.attempts) == ("running", 1)
    assert Delivery.objects.count() == 4 * CHUNK, "what failed left nothing behind"
    time_passes()
    sweep_once()
    check_everyone_once(crowd)


def test_published_while_redis_is_away(
    liv: Employee, crowd: list[Employee], client_of: Callable[[Employee], Client], redis_away: None
) -> None:
    """The request answers at once; the sweeper, which needs no broker, sends."""
    one_pair_of_eyes()
    draft = draft_announcement(actor=liv, content=content(liv))
    began = time.monotonic()
    answer = client_of(liv).post(reverse("publish_announcement", args=[draft.public_id]))
    assert answer.status_code == 302
    assert time.monotonic() - began < 5
    assert Announcement.objects.get().state == "sending"
    sweep_once()
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
