"""What is begun once a day: a fan-out of its own for each day, whatever is run twice."""

from __future__ import annotations

import datetime

from core.clock import local_moment, local_today
from notifications.actions import start_fan_out
from notifications.models import FanOut
from notifications.sweeping import rounds


def begin_each_day(name: str, job: str, *, at: datetime.time | None = None) -> None:
    """Have the sweeper begin the fan-out `job` once a day, in the round called `name`; no chunk is done before `at`."""
    rounds.add(name, lambda: begin_day(job, at=at))


def begin_day(job: str, *, at: datetime.time | None = None) -> int:
    """Begin today's fan-out of `job` unless that has been done; return how many were begun."""
    today = local_today()
    key = f"day:{today}"
    if FanOut.objects.filter(job=job, key=key).exists():
        return 0
    start_fan_out(job=job, key=key, not_before=local_moment(today, at) if at else None)
    return 1
