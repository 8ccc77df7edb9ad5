"""What would become of people: who is new, comes back, moves, leaves or stays as they are, from the staged rows."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

from django.db import connection

from onboarding.imports.staging import Reach, run
from onboarding.models import ImportRun

_ABSENT = """
INSERT INTO import_absent SELECT m.id, m.employee_id
FROM directory_employment m JOIN directory_orgunit u ON u.id = m.unit_id
JOIN directory_employee e ON e.id = m.employee_id
WHERE m.source = %(source)s AND (m.end_date IS NULL OR m.end_date >= %(today)s) AND u.path LIKE %(branch)s
  AND e.kind = 'person' AND e.employee_number IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM import_job j WHERE j.employment_id = m.id)
  AND NOT EXISTS (SELECT 1 FROM import_mentioned t WHERE ltrim(t.number, '0') = ltrim(e.employee_number, '0'))
  AND NOT EXISTS (SELECT 1 FROM import_person p WHERE ltrim(p.number, '0') = ltrim(e.employee_number, '0')
                  AND p.employee_id IS DISTINCT FROM e.id)
"""

# Whoever is named and hidden from the one who brings the file is told of as anybody new: trying numbers finds nobody.
_LEAVING = """
INSERT INTO import_fate
WITH holding AS (
    SELECT m.id, m.employee_id, u.path LIKE %(branch)s AS in_scope,
           a.employment_id IS NULL AND COALESCE(j.start_date, m.start_date) <= %(today)s
             AND (CASE WHEN j.record IS NULL THEN m.end_date ELSE j.end_date END IS NULL
                  OR CASE WHEN j.record IS NULL THEN m.end_date ELSE j.end_date END >= %(today)s) AS stays,
           COALESCE(j.end_date <= %(today)s + 30 AND j.end_date IS DISTINCT FROM m.end_date, FALSE) AS ends_soon
    FROM directory_employment m JOIN directory_orgunit u ON u.id = m.unit_id
    JOIN directory_employee e ON e.id = m.employee_id AND e.is_active AND e.kind = 'person'
    LEFT JOIN import_absent a ON a.employment_id = m.id
    LEFT JOIN import_job j ON j.employment_id = m.id
    WHERE m.start_date <= %(today)s AND (m.end_date IS NULL OR m.end_date >= %(today)s)
      AND m.employee_id IN (SELECT employee_id FROM import_job UNION SELECT employee_id FROM import_absent)
), people AS (
    SELECT employee_id, bool_or(in_scope) AS in_scope, bool_or(stays AND NOT ends_soon) AS lasts
    FROM holding GROUP BY employee_id
), begun AS (
    SELECT DISTINCT employee_id FROM import_job
    WHERE start_date <= %(today)s AND (end_date IS NULL OR end_date >= %(today)s) AND employee_id IS NOT NULL
), goes_on AS (
    SELECT employee_id FROM import_job WHERE employment_id IS NULL AND employee_id IN (SELECT employee_id FROM begun)
    UNION SELECT employee_id FROM import_job
    WHERE employee_id IS NOT NULL AND (end_date IS NULL OR end_date > %(today)s + 30)
), ended AS (
    SELECT DISTINCT employee_id FROM holding WHERE NOT stays
), told AS (
    SELECT p.employee_id, CASE
        WHEN p.in_scope AND NOT p.lasts AND p.employee_id NOT IN (SELECT employee_id FROM goes_on) THEN 'leaving'
        WHEN p.employee_id IN (SELECT employee_id FROM ended) AND EXISTS (
            SELECT 1 FROM import_job j WHERE j.employee_id = p.employee_id AND j.employment_id IS NULL) THEN 'moved'
        END AS outcome
    FROM people p
)
SELECT employee_id, NULL, outcome FROM told
WHERE outcome IS NOT NULL AND employee_id NOT IN (SELECT employee_id FROM import_person WHERE hidden)
"""
# Whose job has not begun yet is let go as a leaver is, and nobody else would tell of it.
_WITHDRAWN = """
INSERT INTO import_fate
SELECT DISTINCT a.employee_id, NULL, 'leaving' FROM import_absent a
JOIN directory_employment m ON m.id = a.employment_id AND m.start_date >= %(today)s
WHERE a.employee_id NOT IN (SELECT employee_id FROM import_fate)
  AND a.employee_id NOT IN (SELECT employee_id FROM import_person WHERE hidden)
  AND NOT EXISTS (SELECT FROM import_job j WHERE j.employee_id = a.employee_id
                  AND (j.end_date IS NULL OR j.end_date >= %(today)s))
  AND NOT EXISTS (SELECT FROM directory_employment o WHERE o.employee_id = a.employee_id
                  AND (o.end_date IS NULL OR o.end_date >= %(today)s)
                  AND NOT EXISTS (SELECT FROM import_absent x WHERE x.employment_id = o.id))
"""
_THE_REST = """
INSERT INTO import_fate
WITH changing AS (
    SELECT p.number FROM import_person p JOIN import_changing USING (record)
    UNION SELECT j.number FROM import_job j JOIN import_changing USING (record)
), lasting AS (
    SELECT number FROM import_job WHERE end_date IS NULL OR end_date >= %(today)s
), begun AS (
    SELECT number FROM import_job
    WHERE start_date <= %(today)s AND (end_date IS NULL OR end_date >= %(today)s)
)
SELECT p.employee_id, p.number, CASE
    WHEN p.employee_id IS NULL OR p.hidden AND p.number IN (SELECT number FROM lasting) THEN 'new'
    WHEN p.hidden THEN NULL
    WHEN NOT e.is_active AND e.left_date IS NOT NULL AND p.number IN (SELECT number FROM begun) THEN 'returned'
    WHEN p.number IN (SELECT number FROM changing) OR p.employee_id IN (SELECT employee_id FROM import_absent)
        THEN 'changed'
    ELSE '' END
FROM import_person p LEFT JOIN directory_employee e ON e.id = p.employee_id
WHERE p.employee_id IS NULL OR p.employee_id NOT IN (SELECT employee_id FROM import_fate)
UNION ALL
SELECT DISTINCT a.employee_id, NULL, 'changed' FROM import_absent a
WHERE a.employee_id NOT IN (SELECT employee_id FROM import_fate)
  AND NOT EXISTS (SELECT 1 FROM import_person p WHERE p.employee_id = a.employee_id)
"""
_COUNT = """
SELECT count(*) FILTER (WHERE outcome = 'leaving'), count(*) FILTER (WHERE outcome = 'new'),
    count(*) FILTER (WHERE outcome = 'moved'), count(*) FILTER (WHERE outcome = 'returned'),
    (SELECT count(*) FROM import_absent), count(*) FILTER (WHERE outcome = 'changed'),
    count(*) FILTER (WHERE outcome = ''),
    count(*) FILTER (WHERE outcome = 'leaving' AND NOT EXISTS (
        SELECT FROM directory_employment m WHERE m.employee_id = import_fate.employee_id
        AND m.start_date <= %(today)s AND (m.end_date IS NULL OR m.end_date >= %(today)s)))
FROM import_fate
"""
_KEEP_LEAVERS = """
INSERT INTO onboarding_importleaver (run_id, employee_id)
SELECT %(run)s, employee_id FROM import_fate WHERE outcome = 'leaving'
"""

# Only asked for where it may matter: it reads everybody.
_ACTIVE = """
SELECT count(DISTINCT m.employee_id) FROM directory_employment m JOIN directory_orgunit u ON u.id = m.unit_id
JOIN directory_employee e ON e.id = m.employee_id AND e.is_active AND e.kind = 'person'
WHERE m.start_date <= %(today)s AND (m.end_date IS NULL OR m.end_date >= %(today)s) AND u.path LIKE %(branch)s
"""
FEW_LEAVERS = 25


@dataclass(frozen=True)
class Plan:
    """What a file would do to people, in figures; each counts once.

    A last day within 30 days counts as leaving, and so does it that somebody who has not begun will not come.
    """

    leaving: int = 0
    new: int = 0
    moved: int = 0
    returned: int = 0
    # Jobs, of those who leave and of those who hold another.
    ending: int = 0
    changed: int = 0
    unchanged: int = 0
    # How many of those who leave have not begun yet.
    withdrawn: int = 0
    # How many are active in the scope; 0 where so few leave that it does not matter.
    active: int = 0

    @property
    def most_leavers(self) -> int:
        """How many may leave without anybody saying that this is right: 25, or 5 % of those active in the scope."""
        return max(FEW_LEAVERS, self.active * 5 // 100)

    @property
    def stops(self) -> bool:
        """Whether so many would leave that a named person must confirm the number."""
        return self.leaving > self.most_leavers

    @property
    def going(self) -> int:
        """How many leave who have begun."""
        return self.leaving - self.withdrawn

    @property
    def people(self) -> dict[str, int]:
        """How many persons there are of each outcome."""
        named = ("new", "changed", "moved", "returned", "leaving", "withdrawn", "unchanged")
        return {name: getattr(self, name) for name in named}

    def goes_beyond(self, confirmed: int | None) -> bool:
        """Whether more would leave than somebody has said, or than may leave unsaid."""
        if self.stops:
            return confirmed != self.leaving
        return confirmed is not None and self.leaving > confirmed

    def to_json(self) -> dict[str, int]:
        """Return the figures as they are kept with the run."""
        return asdict(self)


def plan_changes(reach: Reach) -> Plan:
    """Work out, from the matched and compared tables, what becomes of whom: `import_absent` and `import_fate`."""
    if reach.ends_absent:
        run(_ABSENT, **reach.parameters)
    run(_LEAVING, **reach.parameters)
    run(_WITHDRAWN, **reach.parameters)
    run(_THE_REST, **reach.parameters)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, reach.parameters)
        plan = Plan(*cursor.fetchone())
        if plan.leaving <= FEW_LEAVERS:
            return plan
        cursor.execute(_ACTIVE, reach.parameters)
        return replace(plan, active=cursor.fetchone()[0])


def keep_leavers(import_run: ImportRun) -> None:
    """Keep with the run who would leave, in place of whom an earlier look found."""
    import_run.leavers.all()._raw_delete(import_run.leavers.db)
    run(_KEEP_LEAVERS, run=import_run.pk)


def plan_of(import_run: ImportRun) -> Plan:
    """Return the figures kept with a run."""
    known = {name: count for name, count in import_run.summary.get("plan", {}).items() if name in _FIGURES}
    return Plan(**known)


_FIGURES = frozenset(Plan.__dataclass_fields__)
