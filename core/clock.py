"""The organisation's own date. What is «active» turns at its midnight, not the server's."""

from __future__ import annotations

import datetime

from django.utils import timezone


def local_today() -> datetime.date:
    """Return today's date in the organisation's time zone (`settings.TIME_ZONE`)."""
    return timezone.localdate(timezone=timezone.get_default_timezone())


def local_moment(date: datetime.date, time: datetime.time) -> datetime.datetime | None:
    """Return the moment a clock in the organisation's time zone shows `date` and `time`.

    None for an hour that is left out when summer time begins, and at the end of all calendars. Of an hour that comes
    twice when it ends, the first.
    """
    wall = datetime.datetime.combine(date, time)
    moment = wall.replace(tzinfo=timezone.get_default_timezone())
    try:
        there_and_back = moment.astimezone(datetime.UTC).astimezone(timezone.get_default_timezone())
    except OverflowError:
        return None
    return moment if there_and_back.replace(tzinfo=None) == wall else None


def moment_in(text: object) -> datetime.datetime | None:
    """Return the moment that `text` from an address or a cursor names, in UTC; None for anything else.

    A moment must name its zone. Zones farther away than the database knows are no hindrance in UTC.
    """
    try:
        moment = datetime.datetime.fromisoformat(str(text))
        return moment.astimezone(datetime.UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None
