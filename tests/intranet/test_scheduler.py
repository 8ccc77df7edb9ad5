"""The scheduler and a clock that is set."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import time_machine
from django.utils import timezone

from intranet.celery import app
from intranet.scheduler import SteadyScheduler


class Noting(SteadyScheduler):
    """Tells nobody, and notes what it would have told."""

    done: list[str]

    def apply_entry(self, entry: Any, producer: Any = None) -> None:
        self.done.append(entry.name)


def test_a_clock_set_back_stops_nothing(tmp_path: Path) -> None:
    scheduler = Noting(app, schedule_filename=str(tmp_path / "schedule"))
    scheduler.done = []
    now = timezone.now()

    def ticks(moment: datetime.datetime) -> set[str]:
        scheduler.done.clear()
        with time_machine.travel(moment, tick=False):
            for _ in range(6):
                scheduler.tick()
        return set(scheduler.done)

    minute = datetime.timedelta(minutes=1)
    assert ticks(now + 120 * minute) >= {"pulse", "day-change"}
    assert ticks(now) == set()
    assert ticks(now + 1.1 * minute) >= {"pulse", "day-change"}
    scheduler.close()
