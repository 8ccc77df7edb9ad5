"""Who of the written rows begins, or comes back: what their welcome page is made from."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import connection

from directory.tasks import DAYS_PROFILE_IS_KEPT

_WELCOMES = """
SELECT j.employee_id, min(j.start_date) FROM import_job j JOIN import_changed c USING (employee_id)
WHERE c.what = 'new' GROUP BY j.employee_id HAVING min(j.start_date) > %(since)s
"""
# Whoever has been away so long that pictures and telephones are forgotten comes back; a new contract is no return.
_RETURNS = """
WITH begun AS (
    SELECT j.employee_id, min(j.start_date) AS starts FROM import_job j
    WHERE j.employment_id IS NULL AND j.employee_id IS NOT NULL AND j.unit_id IS NOT NULL
      AND NOT EXISTS (SELECT FROM import_changed c WHERE c.employee_id = j.employee_id AND c.what = 'new')
    GROUP BY j.employee_id HAVING min(j.start_date) > %(since)s
)
SELECT b.employee_id, b.starts FROM begun b
WHERE (SELECT max(COALESCE(m.end_date, 'infinity')) FROM directory_employment m
       WHERE m.employee_id = b.employee_id AND m.start_date < b.starts) < b.starts - %(away)s
"""


def new_starters(since: datetime.date) -> list[tuple[int, datetime.date]]:
    """Return the id and first day of each new person who begins, or began, after `since`."""
    return _starters(_WELCOMES, since=since)


def returned_starters(since: datetime.date) -> list[tuple[int, datetime.date]]:
    """Return the id and first day of each person who comes back, or came, after `since`."""
    return _starters(_RETURNS, since=since, away=DAYS_PROFILE_IS_KEPT)


def _starters(statement: str, **facts: Any) -> list[tuple[int, datetime.date]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, facts)
        return [(employee_id, date) for employee_id, date in cursor.fetchall()]
