"""What waits for a person as programs list it: each stored notification by itself, and the other sources' entries."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from core.clock import moment_in
from core.pagination import Page, is_id, pack, unpack
from directory.models import Employee
from notifications.bundling import set_aside, targets_of
from notifications.inbox import READ_AT_MOST, READ_ON, Line, line_sources
from notifications.models import Notification


@dataclass(frozen=True, order=True)
class Place:
    """Where an entry stands in the list: by time, then stored ones by number, then the others by name."""

    at: datetime.datetime
    number: int
    key: str

    def encode(self) -> str:
        """Return the place as it stands in an address."""
        return pack(self.at.isoformat(), self.number, self.key)

    @classmethod
    def decode(cls, text: str) -> Place | None:
        """Return the place in `text`; None when it is empty or damaged, which means the first page."""
        match unpack(text):
            case [at, number, str(key)] if (moment := moment_in(at)) and is_id(number):
                return cls(moment, number, key)
        return None


@dataclass(frozen=True)
class Entry:
    """One thing told to a person. `actor` is None where nobody did it."""

    id: str
    kind: str
    actor: Employee | None
    created_at: datetime.datetime
    unread: bool
    read_at: datetime.datetime | None
    place: Place


def list_entries(reader: Employee, *, after: str, size: int) -> Page[Entry]:
    """Return at most `size` entries after the place `after`, newest first, without what the reader may see no more.

    Over all pages as many are unread as `inbox.count_unread` counts.
    """
    place = Place.decode(after)
    found, last = _stored(reader, place, size + 1)
    for name, source in line_sources.items():
        found += [_of_line(name, line) for line in source(reader, READ_AT_MOST)]
    found = [entry for entry in found if (not place or entry.place < place) and (not last or entry.place >= last)]
    found.sort(key=lambda entry: entry.place, reverse=True)
    next_place = found[size - 1].place if len(found) > size else last
    return Page(found[:size], next_place.encode() if next_place else None)


def _stored(reader: Employee, place: Place | None, limit: int) -> tuple[list[Entry], Place | None]:
    """Return `limit` entries or more, or else where it was stopped looking; None where nothing is left."""
    found: list[Entry] = []
    for size in (limit, *READ_ON):
        mine: Any = Notification.objects.visible_to(reader).newest_first()
        if place:
            mine = mine.filter(Q(created_at__lt=place.at) | Q(created_at=place.at, pk__lt=place.number))
        read = list(mine[:size])
        targets = targets_of(reader, read)
        set_aside(reader, [entry for entry in read if entry.pk not in targets])
        found += [_of_notification(entry) for entry in read if entry.pk in targets]
        if len(read) < size:
            return found, None
        place = _of_notification(read[-1]).place
        if len(found) >= limit:
            break
    return found, place


def _of_notification(notification: Notification) -> Entry:
    at = notification.created_at
    return Entry(
        id=notification.public_id,
        kind=notification.kind,
        actor=notification.actor,
        created_at=at,
        unread=notification.read_at is None,
        read_at=notification.read_at,
        place=Place(at, notification.pk, ""),
    )


def _of_line(source: str, line: Line) -> Entry:
    return Entry(line.key, source, line.person, line.at, line.unread, line.read_at, Place(line.at, 0, line.key))
