"""Keeps a run's rows and what was found in them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import F, Func, JSONField, Value

from core.national_ids import without_national_ids
from onboarding.hr_file.rows import Finding, RawRow, Verdict
from onboarding.imports.copying import batched, copy_rows
from onboarding.imports.differences import collect_differences
from onboarding.models import ImportRun
from onboarding.querysets.imports import ImportRecordQuerySet

BATCH = 5_000
_RECORDS = ("run_id", "record", "employee_number", "status", "values")
_FINDINGS = ("run_id", "record", "employee_number", "status", "field", "code", "facts", "value")

_VERDICTS = """
DROP TABLE IF EXISTS import_verdict;
CREATE TEMPORARY TABLE import_verdict (record integer, number text, status text, is_ready boolean) ON COMMIT DROP;
"""
_SETTLE = """
UPDATE onboarding_importrecord r SET status = v.status, employee_number = v.number, needs_a_look = NOT v.is_ready,
    is_unchanged = v.is_unchanged, outcome = v.outcome, changes = v.changes
FROM (
    SELECT o.*, o.is_ready AND n.record IS NULL AS is_unchanged,
        COALESCE(d.outcome, '') AS outcome, COALESCE(d.changes, '[]'::jsonb) AS changes
    FROM import_verdict o LEFT JOIN import_news n ON n.record = o.record
    LEFT JOIN import_difference d ON d.record = o.record
) v
WHERE r.run_id = %s AND r.record = v.record
  AND (r.status, r.employee_number, r.needs_a_look, r.is_unchanged, r.outcome, r.changes)
    IS DISTINCT FROM (v.status, v.number, NOT v.is_ready, v.is_unchanged, v.outcome, v.changes)
"""


def store_rows(run: ImportRun, rows: Iterable[RawRow]) -> int:
    """Store the rows of a file with `run`, not yet judged; return how many."""
    lines = ([run.pk, row.record, "", "accept", json.dumps(row.to_json())] for row in rows)
    return sum(copy_rows("onboarding_importrecord", _RECORDS, batch) for batch in batched(lines, BATCH))


def confirm_stored(records: ImportRecordQuerySet) -> None:
    """Note on those of `records` with a warning that someone has looked at it."""
    confirmed = Value(RawRow(0, {}, is_confirmed=True).to_json(), JSONField())
    both = Func(F("values"), confirmed, template="(%(expressions)s)", arg_joiner=" || ", output_field=JSONField())
    records.needing_a_look().exclude(status="reject").update(values=both)


class VerdictStore:
    """Keeps verdicts as they come, in place of those of an earlier check. Needs a transaction around it."""

    def __init__(self, run: ImportRun) -> None:
        self._run = run
        self._verdicts: list[list[Any]] = []
        self._findings: list[list[Any]] = []
        run.findings.all()._raw_delete(run.findings.db)
        with connection.cursor() as cursor:
            cursor.execute(_VERDICTS)

    def hear(self, verdict: Verdict) -> None:
        """Keep one verdict."""
        self._verdicts.append([verdict.record, verdict.number, verdict.status, verdict.is_ready])
        self._findings.extend(self._line(verdict, finding) for finding in verdict.findings)
        if len(self._verdicts) >= BATCH:
            self._flush()

    def finish(self) -> None:
        """Write what remains, and the statuses that changed, once the file has been compared with what stands."""
        self._flush()
        if not self._run.records.exists():
            return
        collect_differences()
        with connection.cursor() as cursor:
            cursor.execute(_SETTLE, [self._run.pk])

    def _line(self, verdict: Verdict, finding: Finding) -> list[Any]:
        value = without_national_ids(finding.value)[:300]
        facts = json.dumps(finding.facts)
        number = verdict.number[:40]
        return [self._run.pk, verdict.record, number, finding.status, finding.field, finding.code, facts, value]

    def _flush(self) -> None:
        copy_rows("import_verdict", ("record", "number", "status", "is_ready"), self._verdicts)
        copy_rows("onboarding_importfinding", _FINDINGS, self._findings)
        self._verdicts, self._findings = [], []
