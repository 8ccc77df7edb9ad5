"""The report: one line per finding as CSV, and a row with errors as it can be mended and sent again."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import Protocol

from core.national_ids import without_national_ids
from core.spreadsheets import harmless
from onboarding.hr_file.messages import word
from onboarding.hr_file.rows import Finding, RawRow

HEADER = ("record", "ansattnr", "status", "field", "message", "value")


class Writable(Protocol):
    """Somewhere to write text."""

    def write(self, text: str, /) -> object: ...


class ReportWriter:
    """Writes report lines, the header first."""

    def __init__(self, out: Writable) -> None:
        self._csv = csv.writer(out, lineterminator="\n")
        self._csv.writerow(HEADER)

    def write(self, record: int, number: str, status: str, findings: Iterable[Finding]) -> None:
        """Write one line per finding; one line with the status where there is none."""
        written = False
        for finding in findings:
            written = True
            message = word(finding.code, {"value": finding.value, **finding.facts}, finding.field)
            self._line(record, number, finding.status, finding.field, message, finding.value)
        if not written:
            self._line(record, number, status, "", "", "")

    def _line(self, record: int, *cells: str) -> None:
        self._csv.writerow([record, *(harmless(without_national_ids(cell)) for cell in cells)])


def error_row(row: RawRow, names: Iterable[str], reasons: Iterable[str]) -> list[str]:
    """Return a row as typed, by the columns of its file, with what is said of it after them."""
    cells = [*(row.values.get(name, "") for name in names), " ".join(reasons)]
    return [without_national_ids(cell) for cell in cells]
