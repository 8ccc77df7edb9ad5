"""What an open page missed while its stream was away: one question over HTTP, answered from what is stored.

Every message of a stream is numbered by the moment it was told, in thousandths of a second. A row's own number would
tell how much happens elsewhere, in secret groups too; a moment tells nothing. The page sends the last one it heard.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone

from core.registry import Registry
from directory.models import Employee
from notifications.inbox import count_unread
from notifications.models import Notification

# A page that has been away for longer is better fetched anew than mended.
LONGEST_AWAY = datetime.timedelta(hours=12)
# What was stored so long before it could be seen by others, and clocks that differ by as much, lose nothing.
LATE = datetime.timedelta(seconds=60)
# As many open threads of one browser are looked after.
MOST_THREADS = 50


@dataclass(frozen=True)
class Away:
    """Who was away, since when, and the public ids of the threads the open pages show."""

    reader: Employee
    since: datetime.datetime
    threads: Collection[str] = ()


# Each source answers which events the reader would have heard: as they stand in a stream, with their `type`.
catch_up_sources: Registry[Callable[[Away], list[dict[str, Any]]]] = Registry("catch-up source")


def catch_up(reader: Employee, *, after: str, threads: Collection[str] = ()) -> dict[str, Any]:
    """Return the events the reader missed since the one numbered `after`, how much is unread, and the number to keep.

    `reload` instead of events where the number is unknown, lies in the future or is too old.
    """
    now = timezone.now()
    answer: dict[str, Any] = {"id": str(int(now.timestamp() * 1000)), "unread": count_unread(reader)}
    since = moment_of(after, now)
    if since is None:
        return answer | {"reload": True}
    away = Away(reader, since, list(threads)[:MOST_THREADS])
    return answer | {"events": [event for source in catch_up_sources for event in source(away)]}


def moment_of(number: str, now: datetime.datetime) -> datetime.datetime | None:
    """Return from when on to look for an event's number; None when it is none, too old or in the future."""
    if not (number.isascii() and number.isdigit() and len(number) <= 15):
        return None
    age = now.timestamp() - int(number) / 1000
    if not -LATE.total_seconds() <= age <= LONGEST_AWAY.total_seconds():
        return None
    return now - datetime.timedelta(seconds=max(age, 0)) - LATE


def _inbox(away: Away) -> list[dict[str, Any]]:
    mine = Notification.objects.visible_to(away.reader)
    changed = mine.filter(Q(created_at__gt=away.since) | Q(read_at__gt=away.since))
    return [{"type": "notifications"}] if changed.exists() else []


catch_up_sources.add("notifications", _inbox)
