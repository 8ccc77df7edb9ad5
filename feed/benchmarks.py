"""What the feed is measured by: whether reading it grows with what has been written, and with a reader's groups."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from core.benchmarks import Benchmark, add_benchmark
from core.public_ids import new_public_id
from directory.models import Employee
from feed.cursors import FeedCursor
from feed.home import read_feed
from groups.models import Group, Membership

FEW, MANY = 100_000, 1_000_000
READS = 100
GROUPS = 500

# So many posts, one a minute back in time, spread over the groups; each with its thread and its placement.
_WRITE = """
WITH numbered AS (SELECT n FROM generate_series(%(first)s, %(last)s) n),
threads AS (
    INSERT INTO conversations_thread (public_id, owner_kind, comments_open, created_at)
    SELECT 'B' || lpad(n::text, 11, '0'), 'post', true, %(now)s::timestamptz - n * interval '20 seconds' FROM numbered
    RETURNING id, public_id, created_at
),
posts AS (
    INSERT INTO feed_post (public_id, author_id, thread_id, kind, text, language, created_at)
    SELECT public_id, %(author)s, id, 'post', 'Et innlegg om det som skjedde i dag, midt på lengden.', '', created_at
    FROM threads RETURNING id, public_id, created_at
)
INSERT INTO feed_placement (post_id, group_id, published_at, placed_by_id)
SELECT id, (%(groups)s::bigint[])[1 + substr(public_id, 2)::bigint %% %(number)s], created_at, %(author)s FROM posts
"""


@dataclass
class Readers:
    """A member of one group, a member of fifty, and the seconds the first needed when there was a tenth."""

    one: Employee
    fifty: Employee
    seconds_before: float = 0.0


def prepare(scale: float) -> Readers:
    """Write a tenth of the posts, measure, and write the rest."""
    people = list(Employee.objects.active().order_by("pk")[:2])
    Membership.objects.filter(employee__in=people).delete()
    groups = Group.objects.bulk_create(Group(public_id=new_public_id(), name=f"Gruppe {n}") for n in range(GROUPS))
    _join(people[0], groups[:1])
    _join(people[1], groups[:50])
    readers = Readers(*people)
    few = round(FEW * scale)
    _write(1, few, groups)
    read_one(readers)
    readers.seconds_before = statistics.median(read_fifty(readers) for _ in range(5))
    _write(few + 1, round(MANY * scale), groups)
    return readers


def _join(person: Employee, groups: list[Group]) -> None:
    now = timezone.now()
    Membership.objects.bulk_create(Membership(employee=person, group=group, read_until=now) for group in groups)


def _write(first: int, last: int, groups: list[Group]) -> None:
    author = Employee.objects.active().order_by("pk")[0].pk
    ids = [group.pk for group in groups]
    with connection.cursor() as cursor:
        values = {"first": first, "last": last, "now": timezone.now(), "author": author}
        cursor.execute(_WRITE, {**values, "groups": ids, "number": len(ids)})
        cursor.execute("VACUUM ANALYZE feed_placement, feed_post")


def _read(reader: Employee) -> float:
    """Return the median seconds of reading the first page."""
    taken = []
    for _ in range(READS):
        began = time.perf_counter()
        read_feed(reader, FeedCursor.first(), unread_first=True)
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def read_fifty(readers: Readers) -> float:
    return _read(readers.fifty)


def read_one(readers: Readers) -> float:
    return _read(readers.one)


def read_before(readers: Readers) -> float:
    return readers.seconds_before


def five_milliseconds(readers: Readers) -> float:
    """The goal itself, so that the ratio says how much of it is used."""
    return 0.005


_prepared: list[Readers] = []


def prepare_once(scale: float) -> Readers:
    """A million posts serve every figure of a run."""
    if not _prepared:
        _prepared.append(prepare(scale))
    return _prepared[0]


add_benchmark(
    Benchmark(
        "feed.query_1m_vs_100k",
        prepare_once,
        read_fifty,
        read_before,
        goal=2.0,
        says="The feed query of a member of fifty groups at 1,000,000 posts, beside the same at 100,000.",
    )
)
add_benchmark(
    Benchmark(
        "feed.query_vs_5_ms",
        prepare_once,
        read_fifty,
        five_milliseconds,
        goal=1.0,
        says="The same query beside the five milliseconds it may take.",
    )
)
add_benchmark(
    Benchmark(
        "feed.query_50_groups_vs_1",
        prepare_once,
        read_fifty,
        read_one,
        goal=10.0,
        says="A member of fifty groups beside a member of one.",
    )
)
