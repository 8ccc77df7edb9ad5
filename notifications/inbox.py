"""What waits for a person: stored notifications, and what other apps keep in tables of their own.

Announcements are not copied into everyone's inbox: their app registers a source that is asked at read time.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from core.registry import Registry
from directory.models import Employee
from notifications.kinds import Bundle, kinds
from notifications.models import Notification

PAGE = 30
# Bundles are made of the newest entries; this many are read to fill a page.
READ_AT_MOST = 200


class Edge(NamedTuple):
    """A place in the inbox: the unread come first, each part newest first."""

    is_read: bool
    at: datetime.datetime

    def comes_before(self, other: Edge) -> bool:
        """Say whether this place is higher up."""
        return (self.is_read, -self.at.timestamp()) < (other.is_read, -other.at.timestamp())


@dataclass(frozen=True)
class Line:
    """One line of the inbox: who, what, when, and where it leads."""

    at: datetime.datetime
    html: SafeString
    url: str
    unread: bool
    icon: str
    person: Employee | None = None
    key: str = ""
    read_at: datetime.datetime | None = None
    # What its deliveries are called, so that a digest leaves out what was mailed.
    event_key: str = ""
    # Where one asks why it came, and has less of it.
    why_url: str = ""

    @property
    def edge(self) -> Edge:
        """Where the line stands in the inbox."""
        return Edge(not self.unread, self.at)


# Each source answers how many entries of its own the person has not read.
unread_sources: Registry[Callable[[Employee], int]] = Registry("inbox source")
# Each source answers the person's newest entries of its own, at most as many as asked for.
line_sources: Registry[Callable[[Employee, int], list[Line]]] = Registry("inbox line source")


def count_unread(employee: Employee) -> int:
    """Return how many entries wait for `employee`, over every source."""
    return employee.notifications.unread().count() + sum(source(employee) for source in unread_sources)


def load_inbox(reader: Employee, *, after: Edge | None = None) -> list[Line]:
    """Return up to a page of lines below `after`, the unread first: bundles of what was stored, and what sources keep.

    What the reader may no longer see is left out.
    """
    entries = Notification.objects.visible_to(reader).unread_first()
    if after:
        entries = entries.below(is_read=after.is_read, at=after.at)
    lines = _lines(reader, bundled(list(entries[:READ_AT_MOST])))
    for source in line_sources:
        wanted = PAGE if after is None else READ_AT_MOST
        lines += [line for line in source(reader, wanted) if after is None or after.comes_before(line.edge)]
    return sorted(lines, key=lambda line: (not line.unread, -line.at.timestamp()))[:PAGE]


def bundled(entries: list[Notification]) -> list[Bundle]:
    """Put entries with the same bundle key together under the newest."""
    bundles: dict[tuple[str, str], Bundle] = {}
    for entry in entries:
        bundle = bundles.setdefault(
            (entry.kind, entry.bundle_key or entry.event_key), Bundle(entry, actor_ids=set(), unread=False)
        )
        bundle.unread |= entry.read_at is None
        if entry.actor_id:
            bundle.actor_ids.add(entry.actor_id)
    return list(bundles.values())


def _lines(reader: Employee, bundles: list[Bundle]) -> list[Line]:
    by_kind: defaultdict[str, list[Bundle]] = defaultdict(list)
    for bundle in bundles:
        by_kind[bundle.newest.kind].append(bundle)
    return [line for key, same in by_kind.items() for line in _lines_of_kind(reader, key, same)]


def _lines_of_kind(reader: Employee, key: str, bundles: list[Bundle]) -> list[Line]:
    kind = kinds.find(key)
    if kind is None:
        return []
    targets = kind.visible_targets(reader, {bundle.newest.target_id or 0 for bundle in bundles})
    return [
        Line(
            at=bundle.newest.created_at,
            html=mark_safe(kind.render("html", bundle, targets[bundle.newest.target_id or 0])),  # noqa: S308
            url=reverse("open_notification", args=[bundle.newest.public_id]),
            unread=bundle.unread,
            icon=kind.icon,
            person=bundle.actor,
            key=bundle.newest.public_id,
            why_url=reverse("why_notified", args=[bundle.newest.public_id]),
        )
        for bundle in bundles
        if (bundle.newest.target_id or 0) in targets
    ]


def find_address(reader: Employee, notification: Notification) -> str | None:
    """Return where the entry leads, or None when the reader may no longer see it."""
    kind = kinds.find(notification.kind)
    if kind is None:
        return None
    target = kind.visible_targets(reader, [notification.target_id or 0]).get(notification.target_id or 0)
    return None if target is None else kind.url(Bundle(notification, set(), unread=False), target)
