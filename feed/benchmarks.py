"""What the home feed is measured by: its query at a million posts, beside a tenth of them, beside one group."""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.db import connection

from core.benchmarks import Benchmark, add_benchmark
from directory.models import Employee
from feed.cursors import FeedCursor
from feed.home import read_feed
from groups.models import Group, Membership

POSTS, GROUPS, MINE = 1_000_000, 1_000, 50
ROUNDS = 40
GOAL_SECONDS = 0.005

# Every 30 seconds a post, each in one group; one in 97 deleted, one in 50 in a second group as well.
FILL = """
WITH thread AS (
    INSERT INTO conversations_thread (public_id, owner_kind, comments_open, created_at)
    SELECT 't' || lpad(n::text, 11, '0'), 'post', true, now() FROM generate_series(1, %(posts)s) n
    RETURNING id, substr(public_id, 2)::int AS n
),
post AS (
    INSERT INTO feed_post (public_id, author_id, thread_id, kind, text, language, created_at, deleted_at)
    SELECT 'p' || lpad(n::text, 11, '0'), %(author)s, id, 'post', 'Hei', '', now() - n * interval '30 seconds',
           CASE WHEN n %% 97 = 0 THEN now() END
    FROM thread ORDER BY n DESC
    RETURNING id, author_id, created_at, substr(public_id, 2)::int AS n
)
INSERT INTO feed_placement (post_id, group_id, published_at, placed_by_id)
SELECT id, (%(groups)s::bigint[])[1 + ((n::bigint * 7919 + extra) %% %(group_count)s)::int], created_at, author_id
FROM post CROSS JOIN LATERAL (
    SELECT 0 AS extra UNION ALL SELECT 20 WHERE post.n %% 50 = 0
) places
"""
# A tenth of it, in tables of its own that the same query finds first.
SHRINK = """
CREATE SCHEMA bench_small;
CREATE TABLE bench_small.feed_post (LIKE public.feed_post INCLUDING ALL);
CREATE TABLE bench_small.feed_placement (LIKE public.feed_placement INCLUDING ALL);
INSERT INTO bench_small.feed_post SELECT * FROM public.feed_post WHERE id % 10 = 0;
INSERT INTO bench_small.feed_placement SELECT * FROM public.feed_placement WHERE post_id % 10 = 0;
"""


@dataclass
class Town:
    """Two readers of the same million posts: one in a single group, one in fifty."""

    of_one: Employee
    of_many: Employee


_town: list[Town] = []


def prepare(scale: float) -> Town:
    """Fill the town once, for all figures."""
    if not _town:
        _town.append(_fill(max(1_000, int(POSTS * scale))))
    return _town[0]


def _fill(posts: int) -> Town:
    people = list(Employee.objects.active().order_by("pk")[:2])
    Membership.objects.filter(employee__in=people).delete()
    groups = Group.objects.bulk_create([Group(name=f"Group {number}") for number in range(GROUPS)])
    mine = [(people[0], groups[:1]), (people[1], groups[:: GROUPS // MINE])]
    Membership.objects.bulk_create(
        [Membership(employee=person, group=group) for person, some in mine for group in some]
    )
    parameters = {"posts": posts, "author": people[0].pk, "groups": [group.pk for group in groups]}
    with connection.cursor() as cursor:
        cursor.execute(FILL, parameters | {"group_count": GROUPS})
        cursor.execute(SHRINK)
        for table in ("feed_post", "feed_placement"):
            cursor.execute(f"VACUUM ANALYZE public.{table}")
            cursor.execute(f"VACUUM ANALYZE bench_small.{table}")
    return Town(people[0], people[1])


def _median_of_query(reader: Employee) -> float:
    taken = []
    for number in range(ROUNDS):
        begun = time.perf_counter()
        read_feed(reader, FeedCursor.first(), unread_first=bool(number % 2))
        taken.append(time.perf_counter() - begun)
    return sorted(taken)[ROUNDS // 2]


def read_large(town: Town) -> float:
    """Return the seconds of one page for the reader of fifty groups."""
    return _median_of_query(town.of_many)


def read_small(town: Town) -> float:
    """The same with a tenth of the posts."""
    with connection.cursor() as cursor:
        cursor.execute("SET search_path TO bench_small, public")
        try:
            return _median_of_query(town.of_many)
        finally:
            cursor.execute("SET search_path TO public")


def read_one_group(town: Town) -> float:
    """The same for the reader of one group."""
    return _median_of_query(town.of_one)


def goal(town: Town) -> float:
    """The five milliseconds it may take."""
    return GOAL_SECONDS


add_benchmark(
    Benchmark(
        "feed.query_vs_5_ms",
        prepare,
        read_large,
        goal,
        goal=1.0,
        says="A page of the home feed at a million posts in 50 groups, beside the five milliseconds it may take.",
    )
)
add_benchmark(
    Benchmark(
        "feed.query_1m_vs_100k",
        prepare,
        read_large,
        read_small,
        goal=1.5,
        says="The same query at a million posts, beside a hundred thousand.",
    )
)
add_benchmark(
    Benchmark(
        "feed.query_50_groups_vs_1",
        prepare,
        read_large,
        read_one_group,
        goal=2.5,
        says="The same query for a member of 50 groups, beside a member of one.",
    )
)
