"""What waits for a person: stored notifications, and what other apps keep in tables of their own.

Announcements are not copied into everyone's inbox: their app registers a source that is asked at read time.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe

from core.clock import moment_in
from core.pagination import pack, unpack
from core.registry import Registry
from directory.models import Employee
from notifications.bundling import read_bundles, set_aside, targets_of
from notifications.kinds import Bundle, kinds
from notifications.models import Notification

PAGE = 30
# So many entries of a source are looked through for an older page.
READ_AT_MOST = 200
# How much is read, where most can be seen no more; a page that finds too little even so says where to read on.
READ_ON = (READ_AT_MOST,) * 4


class Edge(NamedTuple):
    """A place in the inbox: the unread come first, each part newest first; `key` tells what stands there."""

    is_read: bool
    at: datetime.datetime
    key: str = ""

    @property
    def rank(self) -> tuple[bool, float]:
        """Smaller the higher up."""
        return self.is_read, -self.at.timestamp()

    def encode(self) -> str:
        """Return the place as programs are given it."""
        return pack(self.is_read, self.at.isoformat(), self.key)

    @classmethod
    def decode(cls, text: str) -> Edge | None:
        """Return the place in `text`; None when it is empty or damaged, which means the first page."""
        match unpack(text):
            case [bool(is_read), at, str(key)] if (moment := moment_in(at)) and key.isascii() and key.isprintable():
                return cls(is_read, moment, key)
        return None


TOP = Edge(is_read=False, at=datetime.datetime.max.replace(tzinfo=datetime.UTC))


@dataclass(frozen=True)
class Line:
    """One line of the inbox: who, what, when, and where it leads."""

    at: datetime.datetime
    html: SafeString
    url: str
    unread: bool
    icon: str
    person: Employee | None = None
    # How many more did the same.
    others: int = 0
    key: str = ""
    read_at: datetime.datetime | None = None
    # What its deliveries are called, so that a digest leaves out what was mailed, or declined.
    event_key: str = ""
    kind: str = ""
    # Where one asks why it came, and has less of it.
    why_url: str = ""

    @property
    def edge(self) -> Edge:
        """Where the line stands in the inbox."""
        return Edge(not self.unread, self.at, self.key)

    @property
    def words(self) -> str:
        """What the line says, without any looks."""
        return " ".join(unescape(strip_tags(self.html)).split())

    @property
    def reason(self) -> str:
        """Why it came, going on from «You get this because»."""
        kind = kinds.find(self.kind)
        return str(kind.chosen_by.why) if kind else ""


class InboxPage(NamedTuple):
    """Lines of the inbox, and where the next page begins; None where nothing is left."""

    lines: list[Line]
    next_edge: Edge | None = None


# Each source answers how many entries of its own the person has not read.
unread_sources: Registry[Callable[[Employee], int]] = Registry("inbox source")
# Each source answers at most as many of the person's entries of its own, the unread first, each part newest first.
line_sources: Registry[Callable[[Employee, int], list[Line]]] = Registry("inbox line source")


def count_unread(employee: Employee) -> int:
    """Return how many lines wait for `employee`, over every source: what is bundled counts as one."""
    return employee.notifications.unread().count_bundles() + count_kept_elsewhere(employee)


def count_kept_elsewhere(employee: Employee) -> int:
    """Return how many of them sources keep: what is marked as read there, if at all."""
    return sum(source(employee) for source in unread_sources)


def load_inbox(reader: Employee, *, after: Edge | None = None, size: int = PAGE) -> InboxPage:
    """Return up to `size` lines below `after`, the unread first: bundles of what was stored, and what sources keep.

    What the reader may no longer see is left out, and counts as read from now on.
    """
    lines, last = _stored_lines(reader, after, size)
    for source in line_sources:
        lines += _below(source(reader, size + 1 if after is None else READ_AT_MOST), after)
    if last:
        # What stands below the last that was looked at comes when that has been passed.
        lines = [line for line in lines if line.edge.rank <= last.rank]
    lines.sort(key=lambda line: line.edge.rank)
    return InboxPage(lines[:size], lines[size - 1].edge if len(lines) > size else last)


def _below(lines: list[Line], after: Edge | None) -> list[Line]:
    return [line for line in lines if after is None or (line.key != after.key and line.edge.rank >= after.rank)]


def _stored_lines(reader: Employee, after: Edge | None, limit: int) -> tuple[list[Line], Edge | None]:
    """Return more than `limit` lines, or else where it was stopped looking; None where nothing is left."""
    edge, found = after or TOP, list[Line]()
    for size in (limit + 1, *READ_ON):
        mine = Notification.objects.visible_to(reader)
        bundles = read_bundles(mine.newest_of_bundles().below(**edge._asdict())[:size], mine)
        targets = targets_of(reader, [bundle.newest for bundle in bundles])
        if set_aside(reader, [bundle.newest for bundle in bundles if bundle.newest.pk not in targets]):
            continue
        found += [_line(bundle, targets[bundle.newest.pk]) for bundle in bundles if bundle.newest.pk in targets]
        if len(bundles) < size:
            return found, None
        edge = Edge(not bundles[-1].unread, bundles[-1].newest.created_at, bundles[-1].newest.public_id)
        if len(found) > limit:
            break
    return found, edge


def _line(bundle: Bundle, target: Any) -> Line:
    newest = bundle.newest
    kind = kinds.get(newest.kind)
    return Line(
        at=newest.created_at,
        html=mark_safe(kind.render("html", bundle, target)),  # noqa: S308 - a rendered template
        url=reverse("open_notification", args=[newest.public_id]),
        unread=bundle.unread,
        icon=kind.icon,
        person=bundle.actor,
        others=bundle.others,
        key=newest.public_id,
        read_at=None if bundle.unread else newest.read_at,
        kind=newest.kind,
        why_url=reverse("why_notified", args=[newest.public_id]),
    )


def find_address(reader: Employee, notification: Notification) -> str | None:
    """Return where the entry leads, or None when the reader may no longer see it."""
    target = targets_of(reader, [notification]).get(notification.pk)
    return None if target is None else kinds.get(notification.kind).url(Bundle(notification, unread=False), target)
