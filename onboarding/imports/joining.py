"""How many memberships a checked file will set off: its people are matched with the rules as if it had been applied.

The matching is the one that enrols people. Those who are new get a number of their own for as long as it takes; whoever
begins later counts as if they had begun.
"""

from __future__ import annotations

import logging
from typing import Any

from django.db import OperationalError, connection, transaction

from directory.models import Employee
from groups.models import Group
from onboarding.imports.staging import Reach, run
from onboarding.wanting import collect_wanted_for_jobs

logger = logging.getLogger(__name__)

# What takes longer is not told: adding does not wait for it.
LONGEST_MS = 20_000
MOST_RULES = 20
_JOBS = """
DROP TABLE IF EXISTS planned_job, planned_person;
CREATE TEMPORARY TABLE planned_person ON COMMIT DROP AS
SELECT p.number, CASE WHEN p.employee_id IS NULL OR p.hidden THEN -p.record ELSE p.employee_id END AS person
FROM import_person p WHERE p.record IN (SELECT record FROM import_news)
   OR p.number IN (SELECT j.number FROM import_job j JOIN import_news USING (record));
CREATE UNIQUE INDEX ON planned_person (number);
CREATE INDEX ON planned_person (person);
CREATE TEMPORARY TABLE planned_job ON COMMIT DROP AS
SELECT w.person, COALESCE(j.unit_id, a.id) AS unit_id, j.job_family_id, j.workplace_id, j.start_date, FALSE AS leads
FROM planned_person w JOIN import_job j USING (number) LEFT JOIN directory_orgunit a ON a.code = j.agency_code
WHERE j.end_date IS NULL OR j.end_date >= %(today)s
UNION ALL
SELECT w.person, m.unit_id, m.job_family_id, m.workplace_id, m.start_date, FALSE
FROM planned_person w JOIN directory_employment m ON m.employee_id = w.person
WHERE (m.end_date IS NULL OR m.end_date >= %(today)s)
  AND NOT EXISTS (SELECT 1 FROM import_job j WHERE j.employment_id = m.id)
  AND NOT EXISTS (SELECT 1 FROM import_absent a WHERE a.employment_id = m.id);
UPDATE planned_job p SET leads = TRUE FROM planned_person w WHERE w.person = p.person AND (
    w.number IN (SELECT manager_number FROM import_job WHERE manager_number <> number)
    OR EXISTS (SELECT 1 FROM directory_employment m WHERE m.manager_id = w.person AND m.employee_id <> w.person
               AND m.start_date <= %(today)s AND (m.end_date IS NULL OR m.end_date >= %(today)s)));
ANALYZE planned_job;
"""
# Who is in a group is for those who may read it; of others it is told whom the rules have put there.
_JOINING = """
DROP TABLE IF EXISTS planned_joining;
CREATE TEMPORARY TABLE planned_joining ON COMMIT DROP AS
SELECT DISTINCT w.rule_id, w.group_id, w.employee_id FROM enrolment_wanted w
WHERE CASE WHEN w.group_id = ANY(%(read)s::bigint[])
    THEN NOT EXISTS (SELECT 1 FROM groups_membership m
                     WHERE m.group_id = w.group_id AND m.employee_id = w.employee_id)
    ELSE NOT EXISTS (SELECT 1 FROM onboarding_enrolment e WHERE e.group_id = w.group_id
                     AND e.employee_id = w.employee_id AND e.ended_at IS NULL AND e.leaves_at IS NULL) END
"""
_COUNT = """
SELECT (SELECT count(*) FROM (SELECT DISTINCT group_id, employee_id FROM planned_joining) pairs),
    (SELECT count(DISTINCT group_id) FROM planned_joining)
"""
_BY_RULE = """
SELECT rule_id, count(DISTINCT employee_id) FROM planned_joining GROUP BY rule_id ORDER BY 2 DESC, 1 LIMIT %(most)s
"""


def count_joining(reach: Reach, reader: Employee | None) -> dict[str, Any]:
    """Return how many memberships in how many groups the compared rows would set off, and by which rules most.

    {} where that took too long to find out. `reader` is who is told; None for the operator.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, TRUE)", [str(LONGEST_MS)])
            told = _count(reach, reader)
            cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
            return told
    except OperationalError:
        logger.warning("counting the memberships of a file took too long")
        return {}


def _count(reach: Reach, reader: Employee | None) -> dict[str, Any]:
    run(_JOBS, today=reach.today)
    collect_wanted_for_jobs("planned_job", reach.today)
    groups = Group.objects.readable_by(reader) if reader else Group.objects.all()
    run(_JOINING, read=list(groups.values_list("pk", flat=True)))
    with connection.cursor() as cursor:
        cursor.execute(_COUNT)
        memberships, groups_joined = cursor.fetchone()
        cursor.execute(_BY_RULE, {"most": MOST_RULES})
        return {"memberships": memberships, "groups": groups_joined, "rules": [list(row) for row in cursor.fetchall()]}
