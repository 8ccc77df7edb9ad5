"""The report: one line per finding as CSV, and the rows with errors as a file that can be mended and sent again."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import Protocol

from core.spreadsheets import harmless
from onboarding.hr_file.columns import REASON
from onboarding.hr_file.identity_numbers import without_identity_numbers
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
        self._csv.writerow([record, *(harmless(without_identity_numbers(cell)) for cell in cells)])


class ErrorFileWriter:
    """Writes rows back as typed, with the columns of the file and the reasons after them."""

    def __init__(self, out: Writable, names: list[str]) -> None:
        self._csv = csv.writer(out, delimiter=";", lineterminator="\r\n")
        self._names = names
        self._csv.writerow([*names, REASON])

    def write(self, row: RawRow, findings: Iterable[Finding]) -> None:
        """Write one row with everything that is said of it."""
        reasons = [word(f.code, {"value": f.value, **f.facts}, f.field) for f in findings]
        cells = [row.values.get(name, "") for name in self._names]
        self._csv.writerow([harmless(without_identity_numbers(cell)) for cell in [*cells, " ".join(reasons)]])
