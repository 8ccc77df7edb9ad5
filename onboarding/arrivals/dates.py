"""When things are due: counted back from the first day, never on a day off, never before today."""

from __future__ import annotations

import datetime

SATURDAY = 5


def due_date(starts: datetime.date, days_before: int, today: datetime.date) -> datetime.date:
    """Return the day something is due that must be there `days_before` the first day; a weekend's are due on Friday.

    What should have been done already is due today.
    """
    due = starts - datetime.timedelta(days=days_before)
    if due != starts and due.weekday() >= SATURDAY:
        due -= datetime.timedelta(days=due.weekday() - SATURDAY + 1)
    return max(due, today)
