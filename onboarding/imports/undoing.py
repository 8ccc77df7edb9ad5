"""A whole run taken back: everyone it changed gets what stood before, and those it made vanish.

Whoever has been changed since, by a later file, by hand or by signing in for the first time, is left as they are.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError, QuerySet
from django.utils import timezone

from core.clock import local_today
from core.database import lock_for_transaction
from directory.actions import record_audit_event, refresh_people
from directory.models import Employee, JobFamily, OrgUnit, Workplace
from onboarding.imports.changes import DERIVED, FACTS
from onboarding.imports.enrolling import enrol_changed
from onboarding.imports.history import write_history
from onboarding.imports.staging import create_tables
from onboarding.imports.staging import run as execute
from onboarding.imports.writing import write_leaders
from onboarding.models import ImportRun

ERASED_AT_ONCE = 500
MOST_NAMED = 500
State = ImportRun.State

_CHOOSE = f"""
DROP TABLE IF EXISTS undo_person;
CREATE TEMPORARY TABLE undo_person ON COMMIT DROP AS
SELECT c.employee_id, c.before FROM onboarding_importchange c
JOIN ({FACTS.format(people="SELECT employee_id FROM onboarding_importchange WHERE run_id = %(run)s")}) now
  ON now.employee_id = c.employee_id
JOIN directory_employee e ON e.id = c.employee_id
WHERE c.run_id = %(run)s AND now.facts - {DERIVED} = c.after - {DERIVED}
  AND (c.before IS NOT NULL OR e.first_signed_in_at IS NULL)
  AND NOT EXISTS (SELECT 1 FROM directory_employee o WHERE lower(o.email) = lower(c.before ->> 'email')
      AND o.id NOT IN (SELECT employee_id FROM onboarding_importchange WHERE run_id = %(run)s));
CREATE UNIQUE INDEX ON undo_person (employee_id);
"""  # noqa: S608
_REMEMBER = """
DROP TABLE IF EXISTS import_former_person, import_former_job;
CREATE TEMPORARY TABLE import_former_person ON COMMIT DROP AS
SELECT e.id, e.first_name, e.last_name, e.email, e.work_phone, e.private_mobile, e.protected
FROM directory_employee e JOIN undo_person u ON u.employee_id = e.id WHERE u.before IS NOT NULL;
CREATE TEMPORARY TABLE import_former_job ON COMMIT DROP AS
SELECT m.id, m.employee_id, m.unit_id, m.title, m.manager_id, m.workplace_id, m.percentage, m.end_date
FROM directory_employment m JOIN undo_person u ON u.employee_id = m.employee_id WHERE u.before IS NOT NULL;
"""
# Two people may have swapped addresses, so those that change are first let go of.
_RESTORE_PEOPLE = """
UPDATE directory_employee e SET email = NULL, primary_employment_id = NULL FROM undo_person u
WHERE u.employee_id = e.id AND u.before IS NOT NULL;
UPDATE directory_employee e SET
    first_name = u.before ->> 'first_name', last_name = u.before ->> 'last_name',
    email = CASE WHEN EXISTS (SELECT 1 FROM directory_employee o WHERE lower(o.email) = lower(u.before ->> 'email'))
            THEN NULL ELSE u.before ->> 'email' END,
    private_mobile = u.before ->> 'private_mobile', work_phone = u.before ->> 'work_phone',
    protected = (u.before ->> 'protected')::boolean, is_active = (u.before ->> 'is_active')::boolean,
    left_date = (u.before ->> 'left_date')::date
FROM undo_person u WHERE u.employee_id = e.id AND u.before IS NOT NULL;
"""
# A job keeps its id; what it points to may have gone since.
_RESTORE_JOBS = """
DROP TABLE IF EXISTS undo_job;
CREATE TEMPORARY TABLE undo_job ON COMMIT DROP AS
SELECT job.* FROM undo_person u
CROSS JOIN LATERAL jsonb_populate_recordset(NULL::directory_employment, u.before -> 'jobs') job;
CREATE INDEX ON undo_job (id);
DELETE FROM directory_employment m USING undo_person u WHERE m.employee_id = u.employee_id
  AND NOT EXISTS (SELECT 1 FROM undo_job f WHERE f.id = m.id AND to_jsonb(f) = to_jsonb(m));
UPDATE undo_job SET manager_id = NULL WHERE manager_id NOT IN (SELECT id FROM directory_employee);
UPDATE undo_job SET job_family_id = NULL WHERE job_family_id NOT IN (SELECT id FROM directory_jobfamily);
UPDATE undo_job SET workplace_id = NULL WHERE workplace_id NOT IN (SELECT id FROM directory_workplace);
INSERT INTO directory_employment SELECT f.* FROM undo_job f
WHERE NOT EXISTS (SELECT 1 FROM directory_employment m WHERE m.id = f.id);
"""
_TOUCHED = """
SELECT employee_id FROM undo_person WHERE before IS NOT NULL
UNION SELECT (job ->> 'manager_id')::bigint FROM onboarding_importchange c,
    jsonb_array_elements(COALESCE(c.before -> 'jobs', '[]'::jsonb) || (c.after -> 'jobs')) job
    WHERE c.run_id = %(run)s AND job ->> 'manager_id' IS NOT NULL
"""


@transaction.atomic
def undo_run(run: ImportRun, actor: Employee | None) -> None:
    """Take back what `run` changed, and note with it of how many people, and who was left as they are."""
    lock_for_transaction("people")
    execute(_CHOOSE, run=run.pk)
    restored = _ids("SELECT employee_id FROM undo_person WHERE before IS NOT NULL")
    made = _ids("SELECT employee_id FROM undo_person WHERE before IS NULL")
    touched = _ids(_TOUCHED, run=run.pk)
    named = set(run.changes.values_list("employee_id", flat=True))
    create_tables()
    execute(_REMEMBER)
    kept = _erase(made)
    execute(_RESTORE_PEOPLE)
    execute(_RESTORE_JOBS)
    write_history(actor, run.source)
    refresh_people(restored)
    _remove_units(run.summary.get("unit_ids", []))
    made_too = run.summary.get("made", {})
    _remove(JobFamily.objects.filter(pk__in=made_too.get("families", []), employments=None))
    _remove(Workplace.objects.filter(pk__in=made_too.get("workplaces", []), employments=None))
    for unit, former, leader in run.summary.get("led", []):
        here = Employee.objects.filter(pk=former).values_list("pk", flat=True).first()
        OrgUnit.objects.filter(pk=unit, leader=leader).update(leader=here)
    write_leaders(local_today())
    enrol_changed([pk for pk in touched if pk not in set(made)])
    _note(run, actor, restored=len(restored), erased=len(made) - len(kept), left=named - {*restored, *made} | kept)


def _note(run: ImportRun, actor: Employee | None, *, restored: int, erased: int, left: set[int]) -> None:
    people = Employee.objects.filter(pk__in=left).order_by("sort_key").values_list("public_id", flat=True)
    figures = {"restored": restored, "erased": erased, "left": len(left)}
    run.summary["undone"] = figures | {"people": list(people[:MOST_NAMED])}
    run.state, run.undone_at, run.undone_by, run.error = State.UNDONE, timezone.now(), actor, ""
    run.save(update_fields=["state", "summary", "undone_at", "undone_by", "error"])
    run.changes.all().delete()
    facts = figures | {"checksum": run.checksum}
    record_audit_event(actor=actor, verb="onboarding.import_undone", obj=run, facts=facts)


def _erase(ids: list[int]) -> set[int]:
    """Remove people nobody has met; return those something holds on to, who stay."""
    kept: set[int] = set()
    for start in range(0, len(ids), ERASED_AT_ONCE):
        batch = ids[start : start + ERASED_AT_ONCE]
        if not _try_to_erase(batch):
            kept.update(pk for pk in batch if not _try_to_erase([pk]))
    if kept:
        execute("DELETE FROM undo_person WHERE employee_id = ANY(%(kept)s)", kept=list(kept))
    return kept


def _try_to_erase(ids: list[int]) -> bool:
    try:
        with transaction.atomic():
            Employee.objects.filter(pk__in=ids).delete()
    except ProtectedError:
        return False
    return True


def _remove(things: QuerySet[Any]) -> None:
    """Remove each that nothing holds on to."""
    for thing in things:
        with suppress(ProtectedError), transaction.atomic():
            thing.delete()


def _remove_units(ids: list[int]) -> None:
    """Remove units the run made and nothing uses; the lowest first."""
    for unit in OrgUnit.objects.filter(pk__in=ids, employments=None).order_by("-depth"):
        OrgUnit.objects.filter(pk=unit.pk).update(agency=None)
        try:
            with transaction.atomic():
                unit.delete()
        except (ProtectedError, IntegrityError):
            OrgUnit.objects.filter(pk=unit.pk).update(agency=unit.agency_id)


def _ids(statement: str, **parameters: Any) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters or None)
        return [pk for (pk,) in cursor.fetchall()]
