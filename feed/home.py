"""The home feed: the newest posts of my places, merged when they are read.

My places are the groups I am in and have not muted, the open groups I follow, and the line I work in. One index probe
per place finds candidates, one statement (`feed.home_statement`) merges them, so a post into a group of 50,000 costs
its author one row and nobody else anything.
"""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import connection
from django.urls import reverse

from core.clock import local_today
from directory.models import Employee
from feed.cursors import MOST_MARKERS, READ, UNREAD, FeedCursor
from feed.home_statement import feed_statement

PAGE = 10
# Candidates beyond a page: room for the deleted and for posts that stand in several of my groups.
SPARE = 8
MOST_MENTIONS = 3


@dataclass(frozen=True)
class Mentioned:
    """Where somebody named me: enough for one line."""

    writer: Employee
    post_public_id: str
    comment_public_id: str
    place_name: str
    text: str
    at: datetime.datetime

    @property
    def url(self) -> str:
        """Where it was written."""
        post = reverse("post", args=[self.post_public_id])
        comment = self.comment_public_id
        return f"{post}?comment={comment}#comment-{comment}" if comment else post


@dataclass
class FeedPage:
    """Which posts come next, by placement id, and what page 1 says besides."""

    cursor: FeedCursor
    placement_ids: list[int] = field(default_factory=list)
    unread_ids: set[int] = field(default_factory=set)
    next_cursor: FeedCursor | None = None
    mentions: list[Mentioned] = field(default_factory=list)
    # How far I had read in the places that have something new, by their key: a group's id, or `LINE`.
    behind: dict[int, datetime.datetime] = field(default_factory=dict)


def read_feed(
    reader: Employee, cursor: FeedCursor, *, unread_first: bool, mark: bool = False, size: int = PAGE
) -> FeedPage:
    """Return one page of the posts in `reader`'s places, in one query; `mark` moves the markers page 1 has passed.

    With `unread_first` what is newer than the reader's marker when page 1 was drawn comes first, then the rest, each
    newest first; without, simply newest first.
    """
    number = size + SPARE
    rows = _rows(reader, cursor, unread_first, mark, number)
    page = FeedPage(cursor)
    candidates = []
    for section, pk, at, shown, facts in rows:
        if section == -2:
            page.mentions.append(_mentioned(facts, at))
        elif section == -1:
            page.behind[pk] = at
        else:
            candidates.append((section, pk, at, shown))
    start = replace(cursor, markers=page.behind or cursor.markers)
    _fill(page, candidates, start, size, number)
    return page


def _fill(
    page: FeedPage, candidates: list[tuple[int, int, Any, bool]], start: FeedCursor, size: int, number: int
) -> None:
    passed = None
    for place, (section, pk, at, shown) in enumerate(candidates):
        if len(page.placement_ids) == size:
            page.next_cursor = passed
            return
        passed = start.after(section, at, pk)
        if shown:
            page.placement_ids.append(pk)
            if section == UNREAD:
                page.unread_ids.add(pk)
        if place == number - 1:
            page.next_cursor = passed


def _rows(reader: Employee, cursor: FeedCursor, unread_first: bool, mark: bool, number: int) -> list[Any]:
    statement = feed_statement(first_page=cursor.is_first)
    in_read = cursor.section == READ
    top = FeedCursor.first()
    with connection.cursor() as database:
        database.execute(
            statement,
            {
                "me": reader.pk,
                "today": local_today(),
                "unread_first": unread_first,
                "mark": mark,
                "moment": cursor.moment,
                "section": cursor.section,
                "unread_at": cursor.at,
                "unread_id": cursor.id,
                "read_at": cursor.at if in_read else top.at,
                "read_id": cursor.id if in_read else top.id,
                "places": list(cursor.markers),
                "markers": list(cursor.markers.values()),
                "number": number,
                "most_markers": MOST_MARKERS,
                "most_mentions": MOST_MENTIONS,
            },
        )
        rows: list[Any] = database.fetchall()
        return rows


def _mentioned(facts: Any, at: datetime.datetime) -> Mentioned:
    row = facts if isinstance(facts, dict) else json.loads(facts)
    names = ("first_name", "last_name", "chosen_name", "protected", "photo", "public_id")
    writer = Employee(**{name: row[name] for name in names})
    return Mentioned(writer, row["post"], row["comment"] or "", row["place"], row["text"], at)
