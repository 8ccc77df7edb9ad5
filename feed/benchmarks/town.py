"""A town of posts: the same groups with 100,000, a million and five million posts, read by two people.

Each size has tables of its own, in a schema that the same statement finds first.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from django.db import connection

from directory.models import Employee
from feed.cursors import FeedCursor
from feed.home import read_feed
from groups.models import Group, Membership

SIZES = {"100k": 100_000, "1m": 1_000_000, "5m": 5_000_000}
GROUPS, BUSY, MINE = 2_000, 100, 30
LATE_PAGE, ROUNDS = 50, 40

# Every 30 seconds a post: six of ten in one of the busy groups, the rest in the quiet ones; one in 97 deleted, one in
# 50 in a second group as well.
FILL = """
CREATE SCHEMA {schema};
CREATE TABLE {schema}.feed_post (LIKE public.feed_post INCLUDING DEFAULTS);
CREATE TABLE {schema}.feed_placement (LIKE public.feed_placement INCLUDING DEFAULTS);
INSERT INTO {schema}.feed_post (id, public_id, author_id, thread_id, kind, text, language, created_at, deleted_at)
SELECT n, 'p' || lpad(n::text, 11, '0'), %(author)s, n, 'post', 'Hei', '', now() - n * interval '30 seconds',
       CASE WHEN n %% 97 = 0 THEN now() END
FROM generate_series({posts}, 1, -1) n;
INSERT INTO {schema}.feed_placement (id, post_id, group_id, published_at, placed_by_id)
SELECT id * 2 + extra, id, (%(groups)s::bigint[])[1 + CASE
           WHEN (hashint8extended(id, 1 + extra) & 1023) < 614
           THEN (hashint8extended(id, 3 + extra) & 65535) %% %(busy)s
           ELSE %(busy)s + (hashint8extended(id, 5 + extra) & 65535) %% (%(all)s - %(busy)s) END],
       created_at, author_id
FROM {schema}.feed_post post
CROSS JOIN LATERAL (SELECT 0 AS extra UNION ALL SELECT 1 WHERE post.id %% 50 = 0) places;
ALTER TABLE {schema}.feed_post ADD PRIMARY KEY (id);
"""
INDEXES = """
SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = 'feed_placement'
       AND indexname IN ('placement_newest', 'placement_unit_newest', 'placement_once')
"""


@dataclass
class Town:
    """Who reads, and where page 50 begins for each, by size."""

    readers: dict[str, Employee]
    late: dict[tuple[str, str], FeedCursor] = field(default_factory=dict)


_town: list[Town] = []


def prepare(scale: float) -> Town:
    """Fill the town once, for all figures."""
    if not _town:
        _town.append(_fill(scale))
    return _town[0]


def _fill(scale: float) -> Town:
    people = list(Employee.objects.active().order_by("pk")[:2])
    Membership.objects.filter(employee__in=people).delete()
    groups = Group.objects.bulk_create([Group(name=f"Group {number}") for number in range(GROUPS)])
    town = Town({"busy": people[0], "quiet": people[1]})
    mine = {"busy": groups[:BUSY:3][:MINE], "quiet": groups[BUSY :: (GROUPS - BUSY) // MINE][:MINE]}
    for name, some in mine.items():
        Membership.objects.bulk_create([Membership(employee=town.readers[name], group=group) for group in some])
    facts = {"author": people[0].pk, "groups": [group.pk for group in groups], "busy": BUSY, "all": GROUPS}
    for size, posts in SIZES.items():
        _fill_size(size, max(1_000, int(posts * scale)), facts)
        town.late |= {(size, name): _page_after(size, reader, LATE_PAGE - 1) for name, reader in town.readers.items()}
    return town


def _fill_size(size: str, posts: int, facts: dict[str, object]) -> None:
    schema = f"bench_{size}"
    with connection.cursor() as cursor:
        cursor.execute(FILL.format(schema=schema, posts=posts), facts)  # type: ignore[arg-type, unused-ignore]
        cursor.execute(INDEXES)
        for (definition,) in cursor.fetchall():
            # Chance now and then puts a post into the same group twice.
            made = definition.replace("UNIQUE INDEX", "INDEX")
            cursor.execute(made.replace("public.feed_placement", f"{schema}.feed_placement"))
        for table in ("feed_post", "feed_placement"):
            cursor.execute(f"VACUUM ANALYZE {schema}.{table}")


def _page_after(size: str, reader: Employee, pages: int) -> FeedCursor:
    _look_into(size)
    place = FeedCursor.first()
    for _ in range(pages):
        place = read_feed(reader, place, unread_first=False).next_cursor or place
    _look_into(None)
    return place


def _look_into(size: str | None) -> None:
    path = f"bench_{size}, public" if size else "public"
    with connection.cursor() as cursor:
        cursor.execute(f"SET search_path TO {path}")


def query_seconds(town: Town, size: str, reader: str, page: int, quantile: float) -> float:
    """Return the seconds the statement takes at this size, the `quantile` of forty rounds."""
    taken = []
    _look_into(size)
    try:
        for number in range(ROUNDS):
            place = FeedCursor.first() if page == 1 else town.late[size, reader]
            begun = time.perf_counter()
            read_feed(town.readers[reader], place, unread_first=page == 1 and bool(number % 2))
            taken.append(time.perf_counter() - begun)
    finally:
        _look_into(None)
    return sorted(taken)[int(quantile * (ROUNDS - 1))]
