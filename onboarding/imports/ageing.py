"""Whether what a check found still holds: people come, change and leave while a checked file waits."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from core.clock import local_today
from onboarding.models import ImportRun

# A long file takes a while to go through, so it is not gone through again for every change. Applying does so anyway.
LONG_HOLDS = datetime.timedelta(minutes=10)


_MARKS = """
SELECT (SELECT max(id) FROM directory_factchange), (SELECT max(id) FROM directory_employee),
    (SELECT max(greatest(applied_at, undone_at))::text FROM onboarding_importrun)
"""


def what_stands() -> dict[str, Any]:
    """Return marks that are others once anything about people has become another, to be kept with a check."""
    with connection.cursor() as cursor:
        cursor.execute(_MARKS)
        fact, person, run = cursor.fetchone()
    return {"date": local_today().isoformat(), "fact": fact, "person": person, "run": run}


def has_aged(run: ImportRun, *, is_long: bool) -> bool:
    """Whether people have changed since `run` was checked; of a long file only once that is a while ago."""
    marks = dict(run.summary.get("as_of", {}))
    checked_at = marks.pop("at", None)
    if is_long and checked_at and timezone.now() - datetime.datetime.fromisoformat(checked_at) < LONG_HOLDS:
        return False
    return bool(marks != what_stands())
