"""Makes group memberships fit the enrolment rules: the result depends on HR's facts, the rules and the date.

Everything happens in a handful of statements over everyone at once, whatever the number of people. Running it
again writes nothing. Order does not matter: moves, ends and returns that lead to the same facts lead to the same
memberships, apart from days of grace that still run.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from core.clock import local_today
from core.database import lock_for_transaction
from groups.enrolling import CREATE_WANTED, WANTED, apply_wanted_memberships
from onboarding.scim.connected import FILL_CONNECTED
from onboarding.wanting import collect_wanted, run

# So that hundreds of thousands of rows are sorted and joined in memory; one of us at a time takes it.
MEMORY = "128MB"
LOCK = "people"  # shared with the import and the day change: one of us at a time


@dataclass(frozen=True)
class Summary:
    """What a reconciliation did, or with `dry_run` would have done, in rows."""

    enrolled: int = 0
    grace_begun: int = 0
    ended: int = 0
    joined: int = 0
    left: int = 0
    reworded: int = 0

    @property
    def changed(self) -> bool:
        """Whether anything was written."""
        return any(asdict(self).values())


@transaction.atomic
def reconcile_enrolments(
    *, employee_ids: Iterable[int] | QuerySet[Any, Any] | None = None, dry_run: bool = False
) -> Summary:
    """Let the rules in force put people into groups and take them out again; return what changed.

    `employee_ids`, ids or a queryset of employees, limits it to these people (everyone when None). With `dry_run`
    nothing is stored.
    """
    limited = None if employee_ids is None else _ids(employee_ids)
    if limited == []:
        return Summary()
    lock_for_transaction(LOCK)
    run(f"SET LOCAL work_mem = '{MEMORY}'")
    scope = _limit_to(limited)
    collect_wanted(limited)
    begun, ended = _let_go(scope)
    run(CREATE_WANTED)
    run(_FILL_WANTED)
    run(FILL_CONNECTED.format(scope=scope))
    run(_FILL_GRACE.format(scope=scope))
    run(f"ANALYZE {WANTED} (group_id, employee_id)")
    enrolled = run(_ENROL, _moment())
    change = apply_wanted_memberships(scope.replace("e.employee_id", "m.employee_id"))
    if dry_run:
        transaction.set_rollback(True)
    return Summary(enrolled, begun, ended, change.joined, change.left, change.reworded)


def _ids(employee_ids: Iterable[int] | QuerySet[Any, Any]) -> list[int]:
    if isinstance(employee_ids, QuerySet):
        employee_ids = employee_ids.order_by().values_list("pk", flat=True)
    return list(employee_ids)


def _limit_to(ids: list[int] | None) -> str:
    """Keep whom it is about in a temporary table and return the condition that says so, on `e`."""
    if ids is None:
        return "true"
    run("DROP TABLE IF EXISTS enrolment_scope")
    run("CREATE TEMPORARY TABLE enrolment_scope (employee_id bigint PRIMARY KEY) ON COMMIT DROP")
    run("INSERT INTO enrolment_scope SELECT DISTINCT unnest(%(ids)s::bigint[])", {"ids": ids})
    run("ANALYZE enrolment_scope")
    return "e.employee_id IN (SELECT employee_id FROM enrolment_scope)"


def _let_go(scope: str) -> tuple[int, int]:
    """Bring enrolments whose rule no longer holds to their end, or into their days of grace."""
    values = {**_moment(), "today": local_today(), "zone": settings.TIME_ZONE}
    run(_HOLDS_AGAIN.format(scope=scope))
    begun = run(_BEGIN_GRACE.format(scope=scope), values)
    return begun, run(_END.format(scope=scope), values)


def _moment() -> dict[str, Any]:
    return {"now": timezone.now()}


_IS_WANTED = """EXISTS (
    SELECT FROM enrolment_wanted w
    WHERE w.rule_id = e.rule_id AND w.group_id = e.group_id AND w.employee_id = e.employee_id
)"""

_ENROL = """
INSERT INTO onboarding_enrolment (rule_id, group_id, employee_id, created_at)
SELECT DISTINCT w.rule_id, w.group_id, w.employee_id, %(now)s::timestamptz
FROM enrolment_wanted w
WHERE NOT EXISTS (
    SELECT FROM onboarding_enrolment e
    WHERE e.rule_id = w.rule_id AND e.group_id = w.group_id AND e.employee_id = w.employee_id AND e.ended_at IS NULL
)
"""

_HOLDS_AGAIN = f"""
UPDATE onboarding_enrolment e SET leaves_at = NULL
WHERE e.ended_at IS NULL AND e.leaves_at IS NOT NULL AND {{scope}} AND {_IS_WANTED}
"""  # noqa: S608

# Grace is for people who still work here and have not left the group by themselves.
_GONE = """(
    NOT EXISTS (SELECT FROM directory_employee p WHERE p.id = e.employee_id AND p.is_active)
    OR EXISTS (SELECT FROM groups_optout o WHERE o.group_id = e.group_id AND o.employee_id = e.employee_id)
)"""

_BEGIN_GRACE = f"""
UPDATE onboarding_enrolment e
SET leaves_at = (%(today)s::date + r.grace_days)::timestamp AT TIME ZONE %(zone)s
FROM onboarding_enrolmentrule r
WHERE r.id = e.rule_id AND r.grace_days > 0
  AND e.ended_at IS NULL AND e.leaves_at IS NULL AND {{scope}} AND NOT {_IS_WANTED} AND NOT {_GONE}
"""  # noqa: S608

_END = f"""
UPDATE onboarding_enrolment e SET ended_at = %(now)s
WHERE e.ended_at IS NULL AND {{scope}} AND NOT {_IS_WANTED}
  AND (e.leaves_at IS NULL OR e.leaves_at <= %(now)s OR {_GONE})
"""  # noqa: S608

_FILL_WANTED = f"""
INSERT INTO {WANTED} (group_id, employee_id, may_leave, reason)
SELECT held.group_id, held.employee_id, held.may_leave, p.reason
FROM (
    SELECT w.group_id, w.employee_id, bool_and(p.may_leave) AS may_leave, min(w.number) AS number
    FROM enrolment_wanted w JOIN enrolment_part p USING (number)
    GROUP BY w.group_id, w.employee_id
) held
JOIN enrolment_part p USING (number)
"""  # noqa: S608

_FILL_GRACE = f"""
INSERT INTO {WANTED} (group_id, employee_id, may_leave, reading_until)
SELECT e.group_id, e.employee_id, true, max(e.leaves_at)
FROM onboarding_enrolment e
WHERE e.ended_at IS NULL AND e.leaves_at IS NOT NULL AND {{scope}}
  AND NOT EXISTS (SELECT FROM {WANTED} w WHERE w.group_id = e.group_id AND w.employee_id = e.employee_id)
GROUP BY e.group_id, e.employee_id
"""  # noqa: S608
