"""What HR knows of people, laid out so that thousands of descriptions can be matched in one statement.

`groups.audiences` turns one description into one queryset. Thousands of them are matched the other way round: each
fact of each person lies once in a temporary table, to be joined with the terms that name it. A test holds the two
against each other.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet, Value

from directory.models import Employee, Employment
from groups.audiences import started_within
from groups.models import AudienceTerm

Kind = AudienceTerm.Kind
# (kind, value, employee_id): one row for each fact of each active person. What a term asks for is TERM_VALUE.
FACTS = "person_fact"
TERM_VALUE = "coalesce({t}.unit_id, {t}.job_family_id, {t}.workplace_id, {t}.days, 0)"
# Of more people than this, everybody's facts are read: that is faster than asking for each.
FEW = 1_000

_CREATE = f"""
DROP TABLE IF EXISTS {FACTS};
CREATE TEMPORARY TABLE {FACTS} (kind varchar(14), value bigint, employee_id bigint) ON COMMIT DROP
"""
_COLLECT = f"INSERT INTO {FACTS} SELECT DISTINCT %s, f.value, f.employee_id FROM ({{rows}}) AS f(employee_id, value)"  # noqa: S608

_OF_TABLE = f"""
INSERT INTO {FACTS}
SELECT DISTINCT fact.kind, fact.value, j.person FROM {{table}} j LEFT JOIN directory_orgunit u ON u.id = j.unit_id
CROSS JOIN LATERAL (
    SELECT '{Kind.UNIT}', unnest(string_to_array(btrim(u.path, '/'), '/'))::bigint
    UNION ALL SELECT '{Kind.JOB_FAMILY}', j.job_family_id UNION ALL SELECT '{Kind.WORKPLACE}', j.workplace_id
    UNION ALL SELECT '{Kind.LEADERS}', CASE WHEN j.leads THEN 0 END UNION ALL SELECT '{Kind.EVERYONE}', 0
) AS fact (kind, value) WHERE fact.value IS NOT NULL
"""  # noqa: S608
_NEW_IN_TABLE = f"""
INSERT INTO {FACTS} SELECT DISTINCT '{Kind.STARTED_WITHIN}', given.days, j.person
FROM {{table}} j, (SELECT %s::bigint AS days, %s::date AS day) given
WHERE j.start_date > given.day AND NOT EXISTS (
    SELECT 1 FROM directory_employment m WHERE m.employee_id = j.person
      AND m.start_date <= given.day AND (m.end_date IS NULL OR m.end_date >= given.day))
"""  # noqa: S608


def collect_facts(*, days: Collection[int] = (), employee_ids: Collection[int] | None = None) -> None:
    """Fill the temporary table `person_fact`, within the transaction, with what holds today.

    `days` are the numbers of days for which it is to be told who started within them. With `employee_ids` the facts
    of at least these people are there, otherwise everybody's.
    """
    people = Employee.objects.active()
    jobs = Employment.objects.current().filter(employee__is_active=True, employee__kind=Employee.Kind.PERSON)
    if employee_ids is not None and len(employee_ids) <= FEW:
        people, jobs = people.filter(pk__in=employee_ids), jobs.filter(employee__in=employee_ids)
    _run(_CREATE)
    for kind, rows in _OF_JOBS.items():
        _collect(kind, rows(jobs))
    _collect(Kind.LEADERS, people.leaders().values_list("pk", Value(0)))
    _collect(Kind.EVERYONE, people.values_list("pk", Value(0)))
    for number in sorted(set(days)):
        _collect(Kind.STARTED_WITHIN, people.filter(started_within(number)).values_list("pk", Value(number)))
    _run(f"ANALYZE {FACTS}")


def collect_facts_of_jobs(table: str, *, today: datetime.date, days: Collection[int] = ()) -> None:
    """Fill `person_fact` with what would hold of the people in `table` once its jobs were theirs and had begun.

    `table` has a row per job: person, unit_id, job_family_id, workplace_id, start_date, leads. A person need not be an
    employee yet: any number that no employee has will do.
    """
    _run(_CREATE)
    _run(_OF_TABLE.format(table=table))
    for number in sorted(set(days)):
        _run(_NEW_IN_TABLE.format(table=table), [number, today - datetime.timedelta(days=number)])
    _run(f"ANALYZE {FACTS}")


def _collect(kind: str, rows: QuerySet[Any, Any]) -> None:
    select, values = rows.order_by().query.sql_with_params()
    _run(_COLLECT.format(rows=select), [str(kind), *values])


def _run(statement: str, values: list[Any] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


_OF_JOBS: dict[str, Callable[[Any], QuerySet[Any, Any]]] = {
    Kind.UNIT: lambda jobs: jobs.people_with_units_upwards(),
    Kind.JOB_FAMILY: lambda jobs: jobs.filter(job_family__isnull=False).values_list("employee_id", F("job_family_id")),
    Kind.WORKPLACE: lambda jobs: jobs.filter(workplace__isnull=False).values_list("employee_id", F("workplace_id")),
}
