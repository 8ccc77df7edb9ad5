"""What one does with a file from HR: check it, apply it, take it back. Command, screen and API all come here."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import RefusedError, require
from core.national_ids import holds_national_id, without_national_ids
from core.queues import enqueue
from directory.actions import record_audit_event
from directory.models import Employee, OrgUnit
from onboarding.hr_file.reader import HrFile, open_hr_file
from onboarding.hr_file.rows import RawRow
from onboarding.imports.applying import State, apply_stored, check_stored, continue_run
from onboarding.imports.changes import may_be_undone
from onboarding.imports.checking import FORM, Hear, Source, ignore, judge_rows
from onboarding.imports.mapping import known_headings, open_told_file
from onboarding.imports.storing import store_rows
from onboarding.models import ImportRun
from onboarding.tasks import continue_import

# Whose employments a file speaks of where nothing else is said.
FILE = "file"
# What another system may be called, and the names that are no file's.
SOURCE = r"^[A-Za-z0-9][A-Za-z0-9-]*$"
RESERVED = ("scim", FORM)
LONGEST_SOURCE = 20
# A file up to this size is checked and applied while the person waits; a longer one by a worker.
AT_ONCE = 2_000


def may_be_source(name: str) -> bool:
    """Whether a system may be called `name`: plain, not one of our own names, and no identity number."""
    is_plain = re.fullmatch(SOURCE, name) is not None and len(name) <= LONGEST_SOURCE
    return is_plain and name.lower() not in RESERVED and not holds_national_id(name)


def check_import(
    *,
    actor: Employee | None,
    file: IO[bytes],
    file_name: str,
    is_delta: bool,
    scope: OrgUnit | None = None,
    creates_units: bool = False,
    source: str = FILE,
    keeps: bool = True,
    maps: bool = False,
    headings: Mapping[str, str] | None = None,
    hear: Hear = ignore,
) -> ImportRun:
    """Judge every row of `file` and say what it would change; nothing about people is stored.

    With `keeps` the rows and findings are stored with the run, so that it can be mended and applied; a file of
    more than `AT_ONCE` rows is then judged by a worker. With `maps` a person looks at the file: headings that are not
    ours are taken as those of `source` have been before, and the run waits (`mapping`) for what `map_columns` is told
    of the rest; with `headings`, which tell what each is, nobody is asked. `hear` gets each verdict of a file judged
    at once. `actor` is None for the operator at the command line.

    Raises PermissionDenied when `actor` may not import, RefusedError (field "file") when the file cannot be used.
    """
    require(actor is None or actor.has_perm("directory.import_people"))
    if headings is None:
        hr_file = open_hr_file(file, known_headings(source) if maps else None)
    else:
        hr_file = open_told_file(file, source, headings, actor)
    run = new_run(hr_file, actor, file_name, is_delta, scope, creates_units, source)
    if not keeps:
        _preview(run, hr_file, hear)
        return run
    # Whoever looks at a file decides about what is odd: until then those rows are left out, and not counted.
    run.summary["skips_warnings"] = maps
    keep_file(run, hr_file)
    if run.state == State.MAPPING:
        return run
    if run.record_count > AT_ONCE:
        enqueue(continue_import, run.pk)
    else:
        check_stored(run, hear)
    return run


def check_rows(
    *, actor: Employee, rows: Sequence[dict[str, str]], columns: list[str], says_all: bool = False
) -> ImportRun:
    """Judge rows that somebody typed, as those of a delta, and store them with a run of its own; nobody is changed.

    With `says_all` an address or telephone that was emptied is taken away. Raises PermissionDenied when `actor` may
    not import.
    """
    require(actor.has_perm("directory.import_people"))
    typed = [
        RawRow(record, {name: row[name].replace("\x00", "") for name in columns}, says_all=says_all)
        for record, row in enumerate(rows, 1)
    ]
    checksum = hashlib.sha256(json.dumps([row.values for row in typed]).encode()).hexdigest()
    facts: dict[str, Any] = {"source": FORM, "is_delta": True, "created_by": actor, "checksum": checksum}
    run = ImportRun(**facts, summary={"columns": columns, "is_cut": False})
    with transaction.atomic():
        run.save()
        run.record_count = store_rows(run, typed)
        run.save(update_fields=["record_count"])
        check_stored(run)
    return run


def import_file(
    *,
    actor: Employee | None,
    file: IO[bytes],
    file_name: str,
    is_delta: bool,
    scope: OrgUnit | None = None,
    creates_units: bool = False,
    source: str = FILE,
    confirm_leavers: int | None = None,
    hear: Hear = ignore,
) -> ImportRun:
    """Check `file` and bring it in, straight from the file: what nobody is going to look at before.

    The rows themselves are not kept, the findings are. Returns and raises as `check_import` and `apply_import` do.
    """
    require(actor is None or actor.has_perm("directory.import_people"))
    hr_file = open_hr_file(file)
    run = new_run(hr_file, actor, file_name, is_delta, scope, creates_units, source)
    run.state = State.FAILED  # until it has succeeded: nobody may take this run up again
    run.save()
    apply_stored(actor, run, confirm_leavers, False, hear, _source(hr_file))
    return run


def ask_for_application(
    *, actor: Employee, run: ImportRun, confirm_leavers: int | None = None, skips_warnings: bool = False
) -> None:
    """Apply a checked run, now if it is short and else by a worker; the run's state tells what became of it.

    Raises PermissionDenied when `actor` may not import, RefusedError when the run is not ready to be applied.
    """
    require(actor.has_perm("directory.import_people"))
    with transaction.atomic():
        locked = ImportRun.objects.select_for_update().get(pk=run.pk)
        if locked.state not in (State.CHECKED, State.STOPPED) or not locked.records.exists():
            raise RefusedError(_("This file cannot be added now."), code="conflict")
        choice = {"confirm_leavers": confirm_leavers, "skips_warnings": skips_warnings, "actor": actor.pk}
        locked.summary["choice"] = choice
        locked.state = State.APPLYING
        locked.save(update_fields=["summary", "state"])
        if locked.record_count > AT_ONCE:
            enqueue(continue_import, run.pk)
    if locked.record_count <= AT_ONCE:
        apply_import(actor=actor, run=locked, confirm_leavers=confirm_leavers, skips_warnings=skips_warnings)
    run.refresh_from_db()


def apply_import(
    *,
    actor: Employee | None,
    run: ImportRun,
    confirm_leavers: int | None = None,
    skips_warnings: bool = False,
    hear: Hear = ignore,
) -> ImportRun:
    """Bring the rows of a run into the directory, all in one transaction, and return the run.

    Its state is then `applied`; or `stopped`, when more would leave than may without a person confirming the exact
    number; or `failed`, with nothing stored. Rows are judged anew first: what was known at the check may have
    changed. Applying the same file again writes nothing. With `skips_warnings`, rows that someone should look at,
    and that nobody has confirmed, are left out; those they speak of keep what they have. `hear` gets each verdict.

    Raises PermissionDenied when `actor` may not import.
    """
    require(actor is None or actor.has_perm("directory.import_people"))
    apply_stored(actor, run, confirm_leavers, skips_warnings, hear)
    return run


def undo_import(*, actor: Employee | None, run: ImportRun) -> None:
    """Take back all that a run changed, within a day: now if it was short and else by a worker.

    People changed since stay as they are; the run then names them. `actor` is None at the command line. Raises
    PermissionDenied when `actor` may not import, RefusedError when the run cannot be undone.
    """
    require(actor is None or actor.has_perm("directory.import_people"))
    with transaction.atomic():
        locked = ImportRun.objects.select_for_update().get(pk=run.pk)
        if not may_be_undone(locked):
            raise RefusedError(_("This file can no longer be undone."), code="conflict")
        locked.summary["choice"] = {"undone_by": actor.pk if actor else None}
        locked.state = State.UNDOING
        locked.save(update_fields=["summary", "state"])
        if locked.summary["undoable"] > AT_ONCE:
            enqueue(continue_import, run.pk)
    if locked.summary["undoable"] <= AT_ONCE:
        continue_run(run.pk)
    run.refresh_from_db()


def discard_import(*, actor: Employee, run: ImportRun) -> None:
    """Throw a file away that was never added, with its rows; the log remembers its name and checksum.

    Raises PermissionDenied when `actor` may not import, RefusedError when the file has been added or is being read.
    """
    require(actor.has_perm("directory.import_people"))
    with transaction.atomic():
        locked = ImportRun.objects.select_for_update().get(pk=run.pk)
        if not locked.may_be_discarded:
            raise RefusedError(_("This file cannot be thrown away now."), code="conflict")
        facts = {"checksum": locked.checksum, "records": locked.record_count}
        record_audit_event(actor=actor, verb="onboarding.import_discarded", obj=locked, facts=facts)
        locked.delete()


def new_run(
    hr_file: HrFile,
    actor: Employee | None,
    file_name: str,
    is_delta: bool,
    scope: OrgUnit | None,
    creates: bool,
    source: str,
) -> ImportRun:
    """Return the run of an opened file, not yet stored."""
    summary: dict[str, Any] = {"columns": hr_file.columns}
    unknown = hr_file.headings.unknown if hr_file.headings else {}
    if unknown:
        summary["headings"] = unknown
    return ImportRun(
        source=source,
        scope=scope,
        is_delta=is_delta,
        creates_units=creates,
        file_name=without_national_ids(file_name)[-200:],
        checksum=hr_file.checksum,
        created_by=actor,
        summary=summary,
        state=State.MAPPING if unknown else State.CHECKING,
    )


def _source(hr_file: HrFile) -> Source:
    return Source(hr_file.rows, lambda: hr_file.is_cut)


def _preview(run: ImportRun, hr_file: HrFile, hear: Hear) -> None:
    with transaction.atomic():
        outcome = judge_rows(run, _source(hr_file), by=run.created_by, hear=hear)
    run.summary |= outcome.to_json()
    run.record_count = sum(outcome.records.values())
    run.state = State.CHECKED


@transaction.atomic
def keep_file(run: ImportRun, hr_file: HrFile) -> None:
    """Store `run` with the rows of its file, not yet judged."""
    run.save()
    run.record_count = store_rows(run, hr_file.rows())
    run.summary["is_cut"] = hr_file.is_cut
    run.save(update_fields=["record_count", "summary"])
