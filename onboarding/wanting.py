"""Whom the rules in force want in which group today, worked out for all rules and all people in a few statements.

The answer lies in two temporary tables: `enrolment_part`, the parts of the rules numbered from the most telling
reason to the least, and `enrolment_wanted`, a row for each (part, group, person).
"""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Any

from django.db import connection

from groups.audience_facts import FACTS, TERM_VALUE, collect_facts, collect_facts_of_jobs
from groups.enrolling import opted_out
from groups.models import AudienceTerm
from onboarding.models import EnrolmentRule

Kind = AudienceTerm.Kind
DEEPEST = 9


def collect_wanted(employee_ids: Collection[int] | None) -> None:
    """Fill the two tables, within the transaction; with `employee_ids` for the people in `enrolment_scope` alone."""
    _begin()
    collect_facts(days=_days_asked_for(), employee_ids=employee_ids)
    _collect("true" if employee_ids is None else _IN_SCOPE)


def collect_wanted_for_jobs(table: str, today: datetime.date) -> None:
    """Fill the two tables for people as they would be with the jobs in `table` (see `collect_facts_of_jobs`)."""
    _begin()
    collect_facts_of_jobs(table, today=today, days=_days_asked_for())
    _collect("true")


def _begin() -> None:
    run(_CREATE)
    run(_PARTS)
    run("ANALYZE enrolment_part")


def _collect(limit: str) -> None:
    run(_COLLECT.format(limit=limit))
    run("ANALYZE enrolment_wanted")


def run(statement: str, values: dict[str, Any] | None = None) -> int:
    """Execute a statement and return how many rows it concerned."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def _days_asked_for() -> set[int]:
    rules = EnrolmentRule.objects.in_force()
    asked = set(rules.filter(ends_after_days__isnull=False).values_list("ends_after_days", flat=True).distinct())
    terms = AudienceTerm.objects.filter(audience__in=rules.values("audience"), days__isnull=False)
    return {days for days in asked | set(terms.values_list("days", flat=True).distinct()) if days}


_CREATE = """
DROP TABLE IF EXISTS enrolment_part;
DROP TABLE IF EXISTS enrolment_wanted;
CREATE TEMPORARY TABLE enrolment_part (
    number int PRIMARY KEY, rule_id bigint, audience_id bigint, branch_id bigint, days int, may_leave boolean,
    kind varchar(14), value bigint, reason jsonb
) ON COMMIT DROP;
CREATE TEMPORARY TABLE enrolment_wanted (number int, rule_id bigint, group_id bigint, employee_id bigint)
    ON COMMIT DROP;
"""

# What «everyone» means in a rule for the new, or for one branch, is told in those words. A section tells more than
# its agency, and a job more than that one leads others.
_PARTS = f"""
INSERT INTO enrolment_part
SELECT row_number() OVER (ORDER BY rank, rule_id, term_id), rule_id, audience_id, branch_id, days, may_leave,
    kind, value, jsonb_build_object('kind', told, 'name', coalesce(name, ''))
FROM (
    SELECT told.*, CASE told
        WHEN 'unit' THEN 10 + {DEEPEST} - least(depth, {DEEPEST}) WHEN 'workplace' THEN 30 WHEN 'job_family' THEN 40
        WHEN 'leaders' THEN 50 WHEN 'started_within' THEN 60 WHEN 'everyone' THEN 70 ELSE 80 END AS rank
    FROM (
        SELECT r.id AS rule_id, t.id AS term_id, r.audience_id, r.branch_id, r.ends_after_days AS days, r.may_leave,
            t.kind, {TERM_VALUE.format(t="t")} AS value, u.depth,
            CASE WHEN t.kind <> '{Kind.EVERYONE}' THEN t.kind
                WHEN r.ends_after_days IS NOT NULL THEN '{Kind.STARTED_WITHIN}'
                WHEN r.branch_id IS NOT NULL THEN '{Kind.UNIT}' ELSE t.kind END AS told,
            CASE WHEN t.kind = '{Kind.EVERYONE}' THEN coalesce(r.ends_after_days::text, u.name)
                ELSE coalesce(u.name, f.name, w.name, t.days::text) END AS name
        FROM onboarding_enrolmentrule r
        JOIN groups_audienceterm t ON t.audience_id = r.audience_id AND NOT t.exclude
        LEFT JOIN directory_orgunit u
            ON u.id = CASE WHEN t.kind = '{Kind.EVERYONE}' THEN r.branch_id ELSE t.unit_id END
        LEFT JOIN directory_jobfamily f ON f.id = t.job_family_id
        LEFT JOIN directory_workplace w ON w.id = t.workplace_id
        WHERE r.is_active
    ) told
) ranked
"""  # noqa: S608 - constants of ours

_IN_SCOPE = "f.employee_id IN (SELECT employee_id FROM enrolment_scope)"

# Sensitive groups take no rules. Each join below meets one row at most: a fact lies in the table once.
_COLLECT = f"""
INSERT INTO enrolment_wanted
SELECT p.number, p.rule_id, rg.group_id, f.employee_id
FROM enrolment_part p
JOIN {FACTS} f ON f.kind = p.kind AND f.value = p.value
JOIN onboarding_enrolmentrule_groups rg ON rg.enrolmentrule_id = p.rule_id
JOIN groups_group g ON g.id = rg.group_id AND NOT g.sensitive
LEFT JOIN {FACTS} new ON new.kind = '{Kind.STARTED_WITHIN}' AND new.value = p.days AND new.employee_id = f.employee_id
LEFT JOIN {FACTS} near ON near.kind = '{Kind.UNIT}' AND near.value = p.branch_id AND near.employee_id = f.employee_id
WHERE {{limit}} AND (p.days IS NULL OR new.employee_id IS NOT NULL)
  AND (p.branch_id IS NULL OR near.employee_id IS NOT NULL)
  AND NOT {opted_out("rg.group_id", "f.employee_id", "p.may_leave")}
  AND NOT EXISTS (
    SELECT FROM groups_audienceterm x
    JOIN {FACTS} fx ON fx.kind = x.kind AND fx.value = {TERM_VALUE.format(t="x")}
    WHERE x.audience_id = p.audience_id AND x.exclude AND fx.employee_id = f.employee_id
  )
"""  # noqa: S608
