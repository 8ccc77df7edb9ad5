"""Many people in seconds: rows made by the database itself, through the columns the models have."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import connection, models

from core.clock import local_today
from directory.models import Employee, Employment, OrgUnit

# Told apart from everybody else by the name they sign in with.
PREFIX = "crowd-"
TITLE = "Medarbeider"
YEAR = datetime.timedelta(days=365)
CROWD = "(SELECT id, substr(username, 7)::int AS n FROM directory_employee WHERE username LIKE 'crowd-%%') person"
JOBS = """
UPDATE directory_employee person SET primary_employment_id = job.id
FROM directory_employment job
WHERE job.employee_id = person.id AND person.primary_employment_id IS NULL AND person.username LIKE 'crowd-%'
"""


def fill_up(wanted: int, *, with_email: int = 0) -> int:
    """Add people, each with one job in one of the sections, until `wanted` work here; return how many were added.

    Of those added every so manieth has an e-mail address, so that about `with_email` of them do.
    """
    first = Employee.objects.filter(username__startswith=PREFIX).count() + 1
    missing: int = wanted - Employee.objects.active().count()
    if missing <= 0:
        return 0
    _add_people(first, first + missing - 1, every=max(1, missing // with_email) if with_email else 0)
    _add_jobs(first)
    with connection.cursor() as cursor:
        cursor.execute(JOBS)
        cursor.execute("VACUUM ANALYZE directory_employee, directory_employment")
    return missing


def _add_people(first: int, last: int, *, every: int) -> None:
    blank = Employee(first_name="Person", is_active=True)
    blank.set_unusable_password()
    email = f"CASE WHEN n %% {every} = 0 THEN 'crowd' || n || '@tunet.example' END" if every else "NULL"
    made = {
        "username": f"'{PREFIX}' || n",
        "public_id": "'c' || lpad(n::text, 11, '0')",
        "last_name": "n::text",
        "sort_key": "lpad(n::text, 11, '0')",
        "email": email,
    }
    _insert(blank, made, f"generate_series({first:d}, {last:d}) n")


def _add_jobs(first: int) -> None:
    blank = Employment(title=TITLE, position_key=TITLE.lower(), start_date=local_today() - YEAR)
    units = list(OrgUnit.objects.filter(kind=OrgUnit.Kind.SECTION).order_by("pk").values_list("pk", flat=True))
    unit = f"(ARRAY{units}::bigint[])[1 + n %% {len(units)}]"
    _insert(blank, {"employee_id": "person.id", "unit_id": unit}, f"{CROWD} WHERE n >= {first:d}")


def _insert(blank: models.Model, made: Mapping[str, str], source: str) -> None:
    """Store a copy of `blank` for each row of `source`; the columns in `made` are SQL over that row."""
    fields = [field for field in blank._meta.concrete_fields if not field.primary_key]
    columns, values, parameters = [], [], []
    for field in fields:
        column = str(field.column)
        columns.append(f'"{column}"')
        values.append(made.get(column, "%s"))
        if column not in made:
            parameters.append(_stored(blank, field))
    table = blank._meta.db_table
    statement = f'INSERT INTO "{table}" ({", ".join(columns)}) SELECT {", ".join(values)} FROM {source}'  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def _stored(blank: models.Model, field: models.Field[Any, Any]) -> Any:
    return field.get_db_prep_save(field.pre_save(blank, add=True), connection)
