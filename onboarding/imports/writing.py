"""Takes the staged file over into the directory: each step is one statement, and writes only what differs."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import connection, models
from django.utils import timezone

from core.public_ids import new_public_id
from directory.models import Employee, Employment, JobFamily, JobFamilyMapping, Workplace
from directory.people import let_go_without_job
from onboarding.imports.copying import copy_rows
from onboarding.imports.differing import EMAIL, JOB_DIFFERS, MANAGER, MOBILE, PERSON_DIFFERS, WORK_PHONE, know_families
from onboarding.imports.history import keep_former_jobs, keep_former_people
from onboarding.imports.staging import Reach, know_people_and_units, run

# Two people may have swapped addresses, so those that change are first let go of.
_FREE_EMAILS = """
UPDATE directory_employee e SET email = NULL FROM import_person p
WHERE p.employee_id = e.id AND (p.email IS NOT NULL OR p.says_all) AND e.email IS DISTINCT FROM p.email
"""
_REMEMBER_PEOPLE = "INSERT INTO import_changed SELECT id, 'person' FROM import_former_person"
_UPDATE_PEOPLE = f"""
UPDATE directory_employee e SET
    first_name = p.first_name, last_name = p.last_name, protected = COALESCE(p.protected, e.protected),
    email = CASE WHEN EXISTS (SELECT 1 FROM directory_employee o
                 WHERE lower(o.email) = lower(p.email) AND o.id <> e.id) THEN e.email ELSE {EMAIL} END,
    private_mobile = {MOBILE},
    work_phone = {WORK_PHONE}
FROM import_person p WHERE p.employee_id = e.id AND {PERSON_DIFFERS}
"""  # noqa: S608

_NEW_PEOPLE_CHANGED = """
INSERT INTO import_changed SELECT p.employee_id, 'new' FROM import_person p
JOIN directory_employee e ON e.id = p.employee_id AND e.public_id = p.public_id
"""

_NEW_WORKPLACES = """
SELECT DISTINCT j.workplace FROM import_job j WHERE COALESCE(j.workplace, '') <> ''
AND NOT EXISTS (SELECT 1 FROM directory_workplace w WHERE w.name = j.workplace)
"""
_UNPLACED = "SELECT position_key, title, id FROM import_family WHERE NOT is_placed"
_KNOW_THE_REST = f"""
UPDATE import_job j SET
    manager_id = {MANAGER},
    job_family_id = (SELECT f.job_family_id FROM directory_jobfamilymapping f WHERE f.key = left(j.position_key, 120)),
    workplace_id = (SELECT w.id FROM directory_workplace w WHERE w.name = NULLIF(j.workplace, ''))
"""  # noqa: S608

_REMEMBER_JOBS = f"""
INSERT INTO import_changed SELECT m.employee_id,
    CASE WHEN j.end_date < %(today)s AND (m.end_date IS NULL OR m.end_date >= %(today)s) THEN 'ended' ELSE 'job' END
FROM directory_employment m JOIN import_job j ON j.employment_id = m.id WHERE {JOB_DIFFERS}
"""  # noqa: S608
_UPDATE_JOBS = f"""
UPDATE directory_employment m SET
    title = j.title, kind = j.kind, percentage = j.percentage, start_date = j.start_date, end_date = j.end_date,
    manager_id = j.manager_id, job_family_id = j.job_family_id,
    workplace_id = CASE WHEN j.workplace IS NULL THEN m.workplace_id ELSE j.workplace_id END,
    leave_until_date = CASE WHEN j.says_leave THEN j.leave_until_date ELSE m.leave_until_date END,
    position_code = COALESCE(NULLIF(j.position_code, ''), m.position_code),
    position_key = CASE WHEN j.position_code <> '' THEN j.position_key ELSE m.position_key END
FROM import_job j WHERE j.employment_id = m.id AND {JOB_DIFFERS}
"""  # noqa: S608
# A job typed in by hand before HR's file knew of it is the file's from the day it stands there.
_TAKE_OVER = """
UPDATE directory_employment m SET source = %(source)s FROM import_job j
WHERE j.employment_id = m.id AND m.source = 'form' AND %(source)s <> 'form'
"""
# Who gains or loses a subordinate may become, or cease to be, a leader.
_REMEMBER_MANAGERS = f"""
INSERT INTO import_changed SELECT unnest(ARRAY[m.manager_id, j.manager_id]), 'manager'
FROM directory_employment m JOIN import_job j ON j.employment_id = m.id WHERE {JOB_DIFFERS}
"""  # noqa: S608
_NEW_JOBS_CHANGED = """
INSERT INTO import_changed SELECT unnest(ARRAY[employee_id, manager_id]), unnest(ARRAY['begun', 'manager'])
FROM import_job WHERE employment_id IS NULL AND employee_id IS NOT NULL AND unit_id IS NOT NULL
"""
_END_ABSENT = """
UPDATE directory_employment m SET end_date = %(today)s - 1 FROM import_absent a
WHERE a.employment_id = m.id AND m.start_date < %(today)s
"""
_ABSENT_CHANGED = """
INSERT INTO import_changed SELECT unnest(ARRAY[a.employee_id, m.manager_id]), unnest(ARRAY['ended', 'manager'])
FROM import_absent a JOIN directory_employment m ON m.id = a.employment_id
"""

# What follows asks of each row who changed: the planner must know how many there are.
_KNOW_WHO_CHANGED = """
CREATE INDEX ON import_changed (employee_id, what);
ANALYZE import_changed;
ANALYZE import_job;
"""

# A leader somebody has set stays; an empty or former one gives way to whom most in the unit have as manager.
_LEADERS = """
UPDATE directory_orgunit u SET leader_id = found.manager_id FROM (
    SELECT m.unit_id, mode() WITHIN GROUP (ORDER BY m.manager_id) AS manager_id
    FROM directory_employment m JOIN directory_employee e ON e.id = m.manager_id AND e.is_active
    WHERE m.start_date <= %(today)s AND (m.end_date IS NULL OR m.end_date >= %(today)s)
      AND (%(units)s::bigint[] IS NULL OR m.unit_id = ANY(%(units)s::bigint[])) GROUP BY m.unit_id
) found
WHERE found.unit_id = u.id AND u.leader_id IS DISTINCT FROM found.manager_id
  AND NOT EXISTS (SELECT 1 FROM directory_employee e WHERE e.id = u.leader_id AND e.is_active)
"""
# Whom the file names as leader, and lets go by not naming otherwise, leads nobody: the next run would say so.
_LET_GO_OF_MANAGERS = """
UPDATE directory_employment m SET manager_id = NULL FROM directory_employee e
WHERE e.id = m.manager_id AND NOT e.is_active AND m.source = %(source)s
  AND m.employee_id IN (SELECT employee_id FROM import_job)
  AND NOT EXISTS (SELECT FROM import_job x WHERE x.employee_id = e.id)
  AND NOT EXISTS (
    SELECT FROM directory_employment x
    WHERE x.employee_id = e.id AND (x.end_date IS NULL OR x.end_date >= %(today)s)
  )
"""


def let_go_of_managers(reach: Reach) -> None:
    """Once it is known who works here: take those whom this very file let go from the jobs it says they lead."""
    run(_LET_GO_OF_MANAGERS, source=reach.source, today=reach.today)


def write_people() -> int:
    """Store what the file says of persons; return how many rows were written."""
    keep_former_people()
    run(_REMEMBER_PEOPLE)
    run(_FREE_EMAILS)
    written = run(_UPDATE_PEOPLE)
    _name_the_new()
    written += _insert_people()
    know_people_and_units()
    run(_NEW_PEOPLE_CHANGED)
    return written


def write_jobs(reach: Reach) -> int:
    """Store what the file says of jobs, ending those of absent people; return how many rows were written."""
    _add_workplaces()
    _map_families()
    run(_KNOW_THE_REST)
    keep_former_jobs()
    run(_REMEMBER_JOBS, today=reach.today)
    run(_REMEMBER_MANAGERS)
    written = run(_UPDATE_JOBS)
    run(_TAKE_OVER, source=reach.source)
    run(_NEW_JOBS_CHANGED)
    written += _insert_jobs(reach.source)
    run(_ABSENT_CHANGED)
    written += run(_END_ABSENT, today=reach.today)
    withdrawn = Employment.objects.filter(
        pk__in=_ids("SELECT employment_id FROM import_absent"), start_date__gte=reach.today
    )
    people = list(withdrawn.values_list("employee_id", flat=True))
    written += withdrawn.delete()[0]
    let_go_without_job(people)
    run(_KNOW_WHO_CHANGED)
    return written


def analyse_people() -> None:
    """Let the planner know what has been written."""
    run("ANALYZE directory_employee; ANALYZE directory_employment; ANALYZE directory_orgunit")


def write_leaders(today: datetime.date, units: list[int] | None = None) -> int:
    """Give units (all, unless some are named) without a leader the one most of their people have.

    Returns how many changed.
    """
    return run(_LEADERS, today=today, units=units)


def changed_people() -> list[int]:
    """Return the ids of all persons the run changed."""
    return _ids("SELECT DISTINCT employee_id FROM import_changed WHERE what <> 'manager'")


def touched_people() -> list[int]:
    """Return the ids of all persons the run changed, and of those who are or were their managers."""
    return _ids("SELECT DISTINCT employee_id FROM import_changed WHERE employee_id IS NOT NULL")


def _name_the_new() -> None:
    """Give those who are new the public ids they will have."""
    numbers = _ids("SELECT number FROM import_person WHERE employee_id IS NULL")
    run("DROP TABLE IF EXISTS import_name")
    run("CREATE TEMPORARY TABLE import_name (number text, public_id text) ON COMMIT DROP")
    copy_rows("import_name", ("number", "public_id"), ((number, new_public_id()) for number in numbers))
    run("UPDATE import_person p SET public_id = n.public_id FROM import_name n WHERE n.number = p.number")


def _insert_people() -> int:
    staged = {
        "public_id": "p.public_id",
        # Another account may be called what this person's number is.
        "username": "CASE WHEN EXISTS (SELECT 1 FROM directory_employee o WHERE o.username = p.number)"
        " THEN p.number || '-' || p.public_id ELSE p.number END",
        # A person may come from elsewhere before HR has given them a number; the user name then stands in for it.
        "employee_number": "CASE WHEN p.number ~ '^[0-9]+$' THEN p.number END",
        "first_name": "p.first_name",
        "last_name": "p.last_name",
        "email": "CASE WHEN EXISTS (SELECT 1 FROM directory_employee o WHERE lower(o.email) = lower(p.email))"
        " THEN NULL ELSE p.email END",
        "private_mobile": "p.mobile",
        "work_phone": "p.work_phone",
        "protected": "COALESCE(p.protected, FALSE)",
        "language": "p.language",
        # Nobody signs in with this: a password is set from the invitation.
        "password": "'!' || replace(gen_random_uuid()::text, '-', '')",
    }
    fixed = {"is_active": False, "created_at": timezone.now()}
    return _insert(Employee, staged, fixed, "import_person p WHERE p.employee_id IS NULL")


def _insert_jobs(source: str) -> int:
    same = ("title", "position_code", "position_key", "kind", "percentage", "start_date", "end_date")
    keys = ("employee_id", "unit_id", "job_family_id", "workplace_id", "manager_id", "leave_until_date")
    staged = {name: f"j.{name}" for name in same + keys}
    wanted = "import_job j WHERE j.employment_id IS NULL AND j.employee_id IS NOT NULL AND j.unit_id IS NOT NULL"
    return _insert(Employment, staged, {"source": source}, wanted)


def _insert(model: type[models.Model], staged: dict[str, str], fixed: dict[str, Any], rows: str) -> int:
    """Insert one row of `model` per staged row. Columns that neither argument names get the model's own default."""
    columns, values, parameters = [], [], []
    for field in model._meta.concrete_fields:
        if field.primary_key:
            continue
        columns.append(f'"{field.column}"')
        if field.column in staged:
            values.append(staged[field.column])
        else:
            value = fixed[field.column] if field.column in fixed else field.get_default()
            values.append("%s")
            parameters.append(field.get_db_prep_save(value, connection))
    statement = f'INSERT INTO "{model._meta.db_table}" ({", ".join(columns)}) SELECT {", ".join(values)} FROM {rows}'  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)


def _add_workplaces() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_NEW_WORKPLACES)
        names = [name for (name,) in cursor.fetchall()]
    Workplace.objects.bulk_create([Workplace(name=name) for name in names], batch_size=1000)


def _map_families() -> None:
    know_families()
    with connection.cursor() as cursor:
        cursor.execute(_UNPLACED)
        wanted = cursor.fetchall()
    missing = {title.lower(): title for _, title, family in wanted if family is None}
    made = JobFamily.objects.bulk_create([JobFamily(name=title) for title in missing.values()], batch_size=1000)
    families = {family.name.lower(): family.pk for family in made}
    mappings = [
        JobFamilyMapping(key=key[:120], job_family_id=family or families[title.lower()])
        for key, title, family in wanted
    ]
    JobFamilyMapping.objects.bulk_create(mappings, batch_size=1000, ignore_conflicts=True)


def _ids(statement: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [pk for (pk,) in cursor.fetchall()]
