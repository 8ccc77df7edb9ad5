"""The home feed: the newest posts of my groups, merged when they are read.

One index probe per group of mine finds candidates, one statement merges them, so a post into a group of 50,000 costs
its author one row and nobody else anything.
"""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import connection
from django.urls import reverse

from directory.models import Employee
from feed.cursors import MOST_MARKERS, READ, UNREAD, FeedCursor

PAGE = 10
# Candidates beyond a page: room for the deleted and for posts that stand in several of my groups.
SPARE = 8
MOST_MENTIONS = 3

# How far I had read in each of my groups when page 1 was drawn. Without «unread first» everything counts as read.
MINE = """
WITH mine AS MATERIALIZED (
    SELECT m.group_id,
           CASE WHEN %(unread_first)s
                THEN COALESCE(known.marker, m.read_until, m.joined_at) ELSE 'infinity'::timestamptz END AS marker
    FROM groups_membership m
    LEFT JOIN unnest(%(groups)s::bigint[], %(markers)s::timestamptz[]) AS known(group_id, marker)
           ON known.group_id = m.group_id
    WHERE m.employee_id = %(me)s
),
"""

CANDIDATES = """
unread AS MATERIALIZED (
    SELECT 0 AS section, p.id, p.post_id, p.group_id, p.published_at
    FROM mine CROSS JOIN LATERAL (
        SELECT id, post_id, group_id, published_at FROM feed_placement
        WHERE group_id = mine.group_id AND published_at > mine.marker AND published_at <= %(moment)s
              AND (published_at, id) < (%(unread_at)s, %(unread_id)s)
        ORDER BY published_at DESC, id DESC LIMIT %(number)s
    ) p
    WHERE %(unread_first)s AND %(section)s = 0
    ORDER BY p.published_at DESC, p.id DESC LIMIT %(number)s
),
read AS (
    SELECT 1 AS section, p.id, p.post_id, p.group_id, p.published_at
    FROM mine CROSS JOIN LATERAL (
        SELECT id, post_id, group_id, published_at FROM feed_placement
        WHERE group_id = mine.group_id AND published_at <= LEAST(mine.marker, %(moment)s)
              AND (published_at, id) < (%(read_at)s, %(read_id)s)
        ORDER BY published_at DESC, id DESC LIMIT %(number)s
    ) p
    WHERE (SELECT count(*) FROM unread) < %(number)s
    ORDER BY p.published_at DESC, p.id DESC LIMIT %(number)s
),
candidate AS (
    SELECT * FROM unread UNION ALL SELECT * FROM read ORDER BY section, published_at DESC, id DESC LIMIT %(number)s
)
"""

# A candidate is shown unless its post has been deleted or stands earlier in this same feed, in another group.
SHOWN = """
SELECT candidate.section, candidate.id, candidate.published_at,
       post.deleted_at IS NULL AND NOT EXISTS (
           SELECT 1 FROM feed_placement other JOIN mine theirs ON theirs.group_id = other.group_id
           WHERE other.post_id = candidate.post_id AND other.id <> candidate.id AND other.published_at <= %(moment)s
                 AND (-(other.published_at <= theirs.marker)::int, other.published_at, other.id)
                     > (-candidate.section, candidate.published_at, candidate.id)
       ) AS shown,
       NULL::jsonb AS facts
FROM candidate JOIN feed_post post ON post.id = candidate.post_id
"""

# In which groups something is new. The page that is drawn moves those markers on, in the same statement: what it
# reads is as things were before.
BEHIND = """,
behind AS MATERIALIZED (
    SELECT mine.group_id, mine.marker FROM mine
    WHERE %(unread_first)s AND EXISTS (
        SELECT 1 FROM feed_placement p
        WHERE p.group_id = mine.group_id AND p.published_at > mine.marker AND p.published_at <= %(moment)s)
    ORDER BY mine.marker LIMIT %(most_markers)s
),
moved AS (
    UPDATE groups_membership m SET read_until = %(moment)s FROM behind
    WHERE %(mark)s AND m.group_id = behind.group_id AND m.employee_id = %(me)s
)
"""

# On page 1 also: those groups, and where I have been mentioned since I was last there.
FIRST_PAGE = """
UNION ALL
SELECT -1, behind.group_id, behind.marker, false, NULL FROM behind
UNION ALL
(SELECT -2, mention.id, mention.created_at, true,
        jsonb_build_object('post', post.public_id, 'comment', comment.public_id, 'group', grp.name,
                           'text', left(COALESCE(comment.text, post.text), 300), 'first_name', writer.first_name,
                           'last_name', writer.last_name, 'chosen_name', writer.chosen_name,
                           'protected', writer.protected, 'photo', writer.photo, 'public_id', writer.public_id)
 FROM conversations_mention mention
 JOIN feed_post post ON post.thread_id = mention.thread_id AND post.deleted_at IS NULL
 CROSS JOIN LATERAL (
     SELECT mine.group_id, mine.marker FROM feed_placement p JOIN mine ON mine.group_id = p.group_id
     WHERE p.post_id = post.id ORDER BY p.id LIMIT 1
 ) place
 JOIN groups_group grp ON grp.id = place.group_id
 LEFT JOIN conversations_comment comment ON comment.id = mention.comment_id
 JOIN directory_employee writer ON writer.id = COALESCE(comment.author_id, post.author_id)
 WHERE mention.employee_id = %(me)s AND %(unread_first)s AND comment.deleted_at IS NULL
       AND mention.created_at > GREATEST(place.marker, %(moment)s - interval '14 days')
       AND mention.created_at <= %(moment)s
 ORDER BY mention.created_at DESC LIMIT %(most_mentions)s)
"""
ORDER = "ORDER BY 1, 3 DESC, 2 DESC"


@dataclass(frozen=True)
class Mentioned:
    """Where somebody named me: enough for one line."""

    writer: Employee
    post_public_id: str
    comment_public_id: str
    group_name: str
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
    # How far I had read in the groups that have something new.
    behind: dict[int, datetime.datetime] = field(default_factory=dict)


def read_feed(
    reader: Employee, cursor: FeedCursor, *, unread_first: bool, mark: bool = False, size: int = PAGE
) -> FeedPage:
    """Return one page of the posts in `reader`'s groups, in one query; `mark` moves the markers page 1 has passed.

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
    first = (BEHIND, SHOWN, FIRST_PAGE) if cursor.is_first else (SHOWN,)
    statement = "".join([MINE, CANDIDATES, *first, ORDER])
    in_read = cursor.section == READ
    top = FeedCursor.first()
    with connection.cursor() as database:
        database.execute(
            statement,
            {
                "me": reader.pk,
                "unread_first": unread_first,
                "mark": mark,
                "moment": cursor.moment,
                "section": cursor.section,
                "unread_at": cursor.at,
                "unread_id": cursor.id,
                "read_at": cursor.at if in_read else top.at,
                "read_id": cursor.id if in_read else top.id,
                "groups": list(cursor.markers),
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
    return Mentioned(writer, row["post"], row["comment"] or "", row["group"], row["text"], at)
