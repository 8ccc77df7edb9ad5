"""Where a reader stands in a feed: a moment that later posts cannot move, and the last post shown."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field, replace
from typing import Any, Self

from django.utils import timezone

from core.pagination import is_id, pack, unpack

# No post stands later than this, so that the first page needs no case of its own.
END_OF_TIME = datetime.datetime(9999, 1, 1, tzinfo=datetime.UTC)
UNREAD, READ = 0, 1
MOST_MARKERS = 60
NOTHING: list[Any] = []
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_TICK = datetime.timedelta(microseconds=1)


@dataclass(frozen=True)
class FeedCursor:
    """`moment` is when page 1 was drawn; (`section`, `at`, `id`) is the last place passed.

    `markers` holds how far I had read, at that moment, in the groups that had something new: page 1 moves the
    stored markers on, and page 2 must still know what was unread.
    """

    moment: datetime.datetime
    section: int = UNREAD
    at: datetime.datetime = END_OF_TIME
    id: int = 2**63 - 1
    markers: dict[int, datetime.datetime] = field(default_factory=dict)
    is_first: bool = False

    @classmethod
    def first(cls) -> Self:
        """The top of a feed drawn now."""
        return cls(moment=timezone.now(), is_first=True)

    def after(self, section: int, at: datetime.datetime, pk: int) -> Self:
        """The cursor for what follows the place given."""
        return replace(self, section=section, at=at, id=pk, is_first=False)

    def encode(self) -> str:
        """Return the cursor as it stands in an address."""
        markers = [[group, _ticks(at)] for group, at in self.markers.items()]
        return pack(_ticks(self.moment), self.section, _ticks(self.at), self.id, markers)

    @classmethod
    def decode(cls, text: str) -> Self:
        """Return the cursor in `text`; the top of the feed when it is empty or damaged."""
        try:
            moment, section, at, pk, markers = unpack(text) or NOTHING
            known = {_id(group): _moment(ticks) for group, ticks in markers[:MOST_MARKERS]}
            return cls(_moment(moment), READ if section == READ else UNREAD, _moment(at), _id(pk), known)
        except (ValueError, TypeError, OverflowError, KeyError):
            return cls.first()


def _ticks(at: datetime.datetime) -> int:
    return (at - _EPOCH) // _TICK


def _moment(ticks: object) -> datetime.datetime:
    return _EPOCH + _id(ticks) * _TICK


def _id(number: Any) -> int:
    if not is_id(number):
        raise ValueError(number)
    return int(number)
