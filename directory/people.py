"""What follows from employments and the date: who works here, which job is the main one, what they are found by.

Nothing here decides; it works out. So it may run at any time, on anyone, twice: a second run writes nothing.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from core.clock import local_today
from directory.models import ApiToken, Employee, Employment, FactChange
from directory.photos import forget_photos
from directory.search_texts import refresh_search_texts
from directory.signals import employees_left, jobs_changed

CHUNK = 5_000

# The main job is the largest, then the longest held, then the first stored. People without any employment (made
# by hand before the first file) are nobody's leavers.
_REFRESH_STATE = """
WITH wanted AS (
    SELECT e.id, e.is_active AS was_active, main.id AS employment_id,
           main.id IS NOT NULL AND e.suspended_at IS NULL AS is_active,
           CASE WHEN main.id IS NULL THEN ended.last_date END AS left_date
    FROM directory_employee e
    LEFT JOIN LATERAL (
        SELECT j.id FROM directory_employment j
        WHERE j.employee_id = e.id AND j.start_date <= %(today)s AND (j.end_date IS NULL OR j.end_date >= %(today)s)
        ORDER BY j.percentage DESC, j.start_date, j.id LIMIT 1
    ) main ON true
    CROSS JOIN LATERAL (
        SELECT max(j.end_date) FILTER (WHERE j.end_date < %(today)s) AS last_date, count(*) AS number
        FROM directory_employment j WHERE j.employee_id = e.id
    ) ended
    WHERE e.kind = 'person' AND e.id = ANY(%(ids)s) AND ended.number > 0
)
UPDATE directory_employee e
SET primary_employment_id = wanted.employment_id, is_active = wanted.is_active, left_date = wanted.left_date
FROM wanted
WHERE wanted.id = e.id AND (e.primary_employment_id, e.is_active, e.left_date)
    IS DISTINCT FROM (wanted.employment_id, wanted.is_active, wanted.left_date)
RETURNING e.id, wanted.was_active, e.is_active
"""


@dataclass
class PeopleChange:
    """Whom a refresh gave another state, as ids."""

    begun: list[int] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    moved: list[int] = field(default_factory=list)
    texts: int = 0

    @property
    def employee_ids(self) -> list[int]:
        """Everyone whose state changed."""
        return self.begun + self.left + self.moved


@transaction.atomic
def refresh_people(employee_ids: Iterable[int]) -> PeopleChange:
    """Work out anew, for these people: main job, whether they work here, when they left, what they are found by.

    Set-based: tens of thousands take seconds, and only what differs is written. Who no longer works here loses
    sessions and tokens at once; the signals `employees_left` and `jobs_changed` tell so on commit.
    """
    change, ids = PeopleChange(), list(employee_ids)
    for chunk in _chunks(ids):
        _refresh_state(chunk, change)
        change.texts += refresh_search_texts(chunk)
    _end_access(change.left)
    if ids:
        transaction.on_commit(lambda: jobs_changed.send_robust(sender=Employee, employee_ids=ids))
    return change


def due_for_change(today: datetime.date) -> list[int]:
    """Return the ids of people whose stored state does not fit `today`: to begin, to leave, or with another main job.

    One query that touches only people whose jobs begin or end about now, or who have no job that holds.
    """
    jobs = Employment.objects.filter(employee=OuterRef("pk"))
    holds = Exists(jobs.current(today))
    main_holds = Exists(Employment.objects.current(today).filter(pk=OuterRef("primary_employment")))
    begins = Exists(jobs.filter(start_date=today).exclude(pk=OuterRef("primary_employment")))
    larger = Exists(
        jobs.current(today).filter(start_date=today, percentage__gt=OuterRef("primary_employment__percentage"))
    )
    active = Q(is_active=True) & Exists(jobs) & (~main_holds | (begins & larger))
    # The job of someone whose account is shut may end as well.
    shut = Q(suspended_at__isnull=False, primary_employment__isnull=False) & ~main_holds
    people = Employee.objects.people().filter(active | shut | (Q(is_active=False, suspended_at=None) & holds))
    return list(people.values_list("pk", flat=True))


def end_access(employee_ids: Iterable[int]) -> None:
    """Make every session and token of these people worthless, now and should they come back."""
    ids = list(employee_ids)
    Employee.objects.filter(pk__in=ids).update(sessions_ended=F("sessions_ended") + 1)
    ApiToken.objects.filter(employee__in=ids, revoked_at=None).update(revoked_at=timezone.now())


@transaction.atomic
def let_go_without_job(employee_ids: Iterable[int]) -> None:
    """Let those of these people go whose only job has been taken back: who never had any is left in peace.

    Whoever calls knows that they had one, and that it is no more.
    """
    jobless = Employee.objects.active().filter(pk__in=list(employee_ids), employments=None)
    ids = list(jobless.values_list("pk", flat=True))
    Employee.objects.filter(pk__in=ids).update(is_active=False, left_date=local_today())
    _end_access(ids)


def forget_profiles(before: datetime.date) -> int:
    """Erase photo, e-mail address, numbers and what they wrote of themselves of those who left before that day.

    Their address may be somebody else's from then on. Returns of how many.
    """
    nothing: dict[str, Any] = {"email": None} | dict.fromkeys(
        ("photo", "work_phone", "private_mobile", "about", "pronoun", "pronunciation"), ""
    )
    nothing |= {"spoken_languages": [], "ask_me_about": [], "nickname": ""}
    left = Employee.objects.people().filter(is_active=False, left_date__lt=before).exclude(**nothing)
    people = list(left.values_list("pk", "photo"))
    ids = [pk for pk, _ in people]
    if ids:
        Employee.objects.filter(pk__in=ids).update(**nothing, mobile_seen_by=Employee.MobileSeenBy.LEADER)
        refresh_search_texts(ids)
        transaction.on_commit(lambda: forget_photos(photo for _, photo in people))
    return len(ids)


def forget_history(before: datetime.date) -> int:
    """Erase what HR changed about those who left before that day; return how many changes."""
    left = FactChange.objects.filter(employee__is_active=False, employee__left_date__lt=before)
    return left.delete()[0]


def _end_access(left: list[int]) -> None:
    if left:
        end_access(left)
        transaction.on_commit(lambda: employees_left.send_robust(sender=Employee, employee_ids=left))


def _refresh_state(ids: list[int], change: PeopleChange) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_REFRESH_STATE, {"today": local_today(), "ids": ids})
        for pk, was_active, is_active in cursor.fetchall():
            kind = change.moved if was_active == is_active else change.begun if is_active else change.left
            kind.append(pk)


def _chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    iterator = iter(ids)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk
