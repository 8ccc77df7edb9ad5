"""One event to many: as many statements as for one, and pages that cannot be woken stop nothing."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.outages import Outage
from core.public_ids import ALPHABET, LENGTH
from directory.models import Employee
from notifications import live
from notifications.actions import notify
from notifications.models import Notification
from tests.conftest import MakeEmployee


def tell(key: str, people: Any, **facts: Any) -> int:
    return notify(kind="reaction", recipients=people, event_key=key, target_id=1, **facts)


def test_as_many_statements_for_many_and_each_has_an_id_of_its_own(
    make_employee: MakeEmployee, amina: Employee
) -> None:
    counts, keys = [], ("one", "many")
    for key in keys:
        with CaptureQueriesContext(connection) as queries:
            told = tell(key, Employee.objects.exclude(pk=0), actor=amina)
        counts.append(len(queries))
        assert told == Employee.objects.active().count() - 1
        assert tell(key, Employee.objects.exclude(pk=0), actor=amina) == 0
        for number in range(10):
            make_employee(f"Ny {key}{number}")
    assert counts[0] == counts[1]
    ids = list(Notification.objects.values_list("public_id", flat=True))
    assert len(set(ids)) == len(ids)
    assert all(len(each) == LENGTH and set(each) <= set(ALPHABET) for each in ids)


def test_redis_away_costs_a_line_in_the_log(
    amina: Employee, settings: Any, monkeypatch: Any, caplog: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    live._redis.cache_clear()
    monkeypatch.setattr(live, "_outage", Outage())
    for key in ("away", "still away"):
        with django_capture_on_commit_callbacks(execute=True):
            assert tell(key, [amina.pk]) == 1
    live._redis.cache_clear()
    assert caplog.text.count("pages will catch up") == 1


def test_the_next_outage_is_said_too_but_not_within_a_minute(monkeypatch: Any) -> None:
    now = 0.0
    monkeypatch.setattr("core.outages.time.monotonic", lambda: now)
    outage = Outage()
    assert [outage.is_news(), outage.is_news()] == [True, False]
    now = 59.0
    outage.is_over()
    assert not outage.is_news()
    now = 61.0
    assert [outage.is_news(), outage.is_news()] == [True, False]
