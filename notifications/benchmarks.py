"""Benchmarks of the inbox: what it costs to tell very many people of one event."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import connection, transaction

from core.benchmarks import Benchmark, add_benchmark
from directory.models import Employee
from notifications.actions import notify
from notifications.models import Delivery, Notification

# A kind that stores an entry for each and goes no other way here.
KIND = "reaction"
RAW = """
INSERT INTO notifications_notification
    (public_id, recipient_id, kind, event_key, bundle_key, actor_id, target_id, facts, created_at)
SELECT substr(replace(gen_random_uuid()::text, '-', ''), 1, 12), id, %s, %s, '', NULL, 1, '{}', now()
FROM directory_employee WHERE is_active AND kind = 'person'
ON CONFLICT (recipient_id, kind, event_key) DO NOTHING
"""


@dataclass
class Events:
    """One event after the other, each to everyone."""

    people: int
    numbers: itertools.count[int] = field(default_factory=itertools.count)

    def next_key(self) -> str:
        """Return what the next event is called."""
        return f"bench:{next(self.numbers)}"


def prepare(scale: float) -> Events:
    """The people are there already; the inboxes are empty."""
    empty()
    return Events(Employee.objects.active().count())


def empty(events: Events | None = None) -> None:
    """Leave no entry and no message behind."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE notifications_notification, notifications_delivery")


def tell_everyone(events: Events) -> float:
    """From one event to an entry in every inbox and every open page woken."""
    return _timed(
        events, lambda key: notify(kind=KIND, recipients=Employee.objects.active(), event_key=key, target_id=1)
    )


def store_raw(events: Events) -> float:
    """The same rows by one statement."""

    def store(key: str) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(RAW, [KIND, key])

    return _timed(events, store)


def _timed(events: Events, work: Callable[[str], object]) -> float:
    empty()
    key, began = events.next_key(), time.perf_counter()
    work(key)
    seconds = time.perf_counter() - began
    stored = Notification.objects.filter(event_key=key).count()
    if stored != events.people or Delivery.objects.exists():
        raise RuntimeError(f"{stored} of {events.people} were told")
    return seconds


add_benchmark(
    Benchmark(
        "notifications.inbox",
        prepare,
        tell_everyone,
        store_raw,
        goal=2.0,
        reset=empty,
        says=(
            "One event to everyone: an entry in each inbox, no other road, and each open page woken by a signal of "
            "its own; beside the same rows by one INSERT … SELECT."
        ),
    )
)
