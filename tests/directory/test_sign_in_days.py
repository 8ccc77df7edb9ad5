"""One row per person and day on which they were here, whether they signed in that day or stayed signed in."""

from __future__ import annotations

import datetime
from typing import Any

import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.clock import local_today
from directory.models import Employee, SignInDay


def days_of(employee: Employee) -> list[datetime.date]:
    return list(SignInDay.objects.filter(employee=employee).order_by("date").values_list("date", flat=True))


def count_queries(client: Client) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/settings/").status_code == 200
    return len(queries)


def test_a_session_of_many_days_keeps_each_day_once(amina: Employee, client_of: Any) -> None:
    client: Client = client_of(amina)
    today = local_today()
    assert days_of(amina) == [today]
    usual = count_queries(client)
    assert count_queries(client) == usual
    with time_machine.travel(timezone.now() + datetime.timedelta(days=1), tick=False):
        assert count_queries(client) > usual
        assert count_queries(client) == usual
        assert count_queries(client) == usual
    assert days_of(amina) == [today, today + datetime.timedelta(days=1)]


def test_strangers_leave_no_day(client: Client, db: None) -> None:
    client.get("/people/")
    assert not SignInDay.objects.exists()
