"""Files that leave the screens of imports, as CSV and XLSX: the rows that were not taken, and an example to fill in."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from core.errors import require
from core.spreadsheets import Row, spreadsheet_response
from directory.models import Employee
from onboarding.hr_file import columns
from onboarding.hr_file.report import error_row
from onboarding.hr_file.rows import RawRow
from onboarding.imports.example import example_rows
from onboarding.imports.rows_shown import tell
from onboarding.models import ImportRun


@require_GET
def import_errors(request: HttpRequest, public_id: str, kind: str) -> HttpResponseBase:
    """The rows that were not taken, as a file to mend and send again."""
    require(request.user.has_perm("directory.import_people"))
    run = get_object_or_404(ImportRun.objects.visible_to(request.user).told(), public_id=public_id)  # type: ignore[arg-type]
    rows = _error_rows(run, request.user)  # type: ignore[arg-type]
    return spreadsheet_response(rows, name=f"{run.public_id}-feil", kind=kind)


@require_GET
def import_sample(request: HttpRequest, kind: str) -> HttpResponseBase:
    """A file with the headings and a few rows, of units there are."""
    require(request.user.has_perm("directory.import_people"))
    rows = [columns.REQUIRED, *example_rows(request.user)]  # type: ignore[arg-type]
    return spreadsheet_response(rows, name="nyansatte", kind=kind)


def _error_rows(run: ImportRun, viewer: Employee) -> Iterator[Row]:
    """The headings, then each row as typed with its reasons. Rows of protected people go to HR alone."""
    has = set(run.summary["columns"])
    # In the order that the command asks for, whatever that of the file was.
    names = [name for name in columns.ALL if name in has]
    yield [*names, columns.REASON]
    said = run.findings.filter(status__in=["reject", "warn"]).order_by("record", "pk")
    by_record = ((record, list(group)) for record, group in groupby(said.iterator(chunk_size=2000), lambda f: f.record))
    waiting: tuple[int, list[Any]] = next(by_record, (0, []))
    for stored in run.records.shown_to(viewer).needing_a_look().order_by("record").iterator(chunk_size=2000):
        while waiting[0] and waiting[0] < stored.record:
            waiting = next(by_record, (0, []))
        findings = waiting[1] if waiting[0] == stored.record else []
        yield error_row(RawRow.from_json(stored.record, stored.values), names, map(tell, findings))
