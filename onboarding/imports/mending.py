"""A checked run before it is applied: headings told, rows mended, warnings looked at."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import RefusedError, require
from core.national_ids import without_national_ids
from core.queues import enqueue
from directory.models import Employee
from onboarding.hr_file.columns import ALL
from onboarding.hr_file.rows import RawRow
from onboarding.imports.actions import AT_ONCE
from onboarding.imports.ageing import has_aged
from onboarding.imports.applying import State, check_stored
from onboarding.imports.mapping import name_columns
from onboarding.imports.storing import confirm_stored
from onboarding.models import ImportRun
from onboarding.tasks import continue_import


def map_columns(*, actor: Employee, run: ImportRun, columns: dict[str, str]) -> None:
    """Say which of our columns ("" for none) each unknown heading of a waiting run is, by its key, and check the run.

    What is said is remembered for the run's source. Raises PermissionDenied when `actor` may not import, RefusedError
    (at the key) when a column stands twice or one that must be there is missing.
    """
    require(actor.has_perm("directory.import_people"))
    with transaction.atomic():
        locked = ImportRun.objects.select_for_update(of=("self",)).select_related("scope").get(pk=run.pk)
        if locked.state != State.MAPPING:
            raise RefusedError(_("This file cannot be changed now."), code="conflict")
        name_columns(locked, columns, actor)
        _check_again(locked)
    run.refresh_from_db()


def mend_record(
    *,
    actor: Employee,
    run: ImportRun,
    record: int,
    values: dict[str, str],
    confirms: bool = False,
    same_job: bool = False,
) -> None:
    """Put other `values` (by column) into a row of a checked run and check the run again.

    With `confirms`, the row's warnings have been looked at and it is taken; with `same_job` it is of the
    job the person has there already. Raises PermissionDenied when `actor`
    may not import, RefusedError when the run can no longer be changed or a value holds an identity number.
    """
    require(actor.has_perm("directory.import_people"))
    unknown = values.keys() - set(ALL)
    if unknown or any(without_national_ids(value) != value for value in values.values()):
        raise RefusedError(_("This cannot be stored here."), field=next(iter(values), None), code="invalid")
    with transaction.atomic():
        locked = _open_run(run)
        stored = locked.records.select_for_update().get(record=record)
        row = RawRow.from_json(record, stored.values)
        row.values |= {name: value.replace("\x00", "") for name, value in values.items()}
        row.blanked = tuple(name for name in row.blanked if name not in values)
        if set(locked.summary["columns"]) <= values.keys():
            # Every cell has been looked at, so the row is whole.
            row.problem = ""
        row.is_confirmed, row.is_same_job = row.is_confirmed or confirms, row.is_same_job or same_job
        stored.values = row.to_json()
        stored.save(update_fields=["values"])
        _check_again(locked)
    run.refresh_from_db()


def confirm_warnings(*, actor: Employee, run: ImportRun) -> None:
    """Take every row that someone should look at, of those `actor` is shown: they have looked.

    Raises as `mend_record` does.
    """
    require(actor.has_perm("directory.import_people"))
    with transaction.atomic():
        locked = _open_run(run)
        confirm_stored(locked.records.shown_to(actor))
        _check_again(locked)
    run.refresh_from_db()


def check_again(*, actor: Employee, run: ImportRun) -> None:
    """Check a run again that failed half-way. Raises PermissionDenied when `actor` may not import."""
    require(actor.has_perm("directory.import_people"))
    with transaction.atomic():
        locked = ImportRun.objects.select_for_update(of=("self",)).select_related("scope").get(pk=run.pk)
        if locked.state != State.FAILED or not locked.records.exists():
            raise RefusedError(_("This file cannot be changed now."), code="conflict")
        _check_again(locked)
    run.refresh_from_db()


def recount(*, actor: Employee, run: ImportRun) -> None:
    """Check a waiting run again where people have changed since. Raises PermissionDenied as `check_again` does."""
    require(actor.has_perm("directory.import_people"))
    if not has_aged(run, is_long=run.record_count > AT_ONCE):
        return
    with transaction.atomic():
        locked = ImportRun.objects.select_for_update(of=("self",)).select_related("scope").get(pk=run.pk)
        if locked.state not in (State.CHECKED, State.STOPPED) or not locked.records.exists():
            return
        locked.summary["skips_warnings"] = True
        _check_again(locked, is_recount=True)
    run.refresh_from_db()


def _open_run(run: ImportRun) -> ImportRun:
    locked = ImportRun.objects.select_for_update(of=("self",)).select_related("scope").get(pk=run.pk)
    if locked.state not in (State.CHECKED, State.STOPPED):
        raise RefusedError(_("This file cannot be changed now."), code="conflict")
    return locked


def _check_again(run: ImportRun, *, is_recount: bool = False) -> None:
    # Whoever only opened the page need not be told that it has been counted.
    run.summary["is_recount"] = is_recount
    if run.record_count <= AT_ONCE:
        check_stored(run)
        return
    run.state = State.CHECKING
    run.save(update_fields=["state", "summary"])
    enqueue(continue_import, run.pk)
