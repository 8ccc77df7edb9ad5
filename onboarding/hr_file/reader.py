"""Opens HR's file: one row per line, `;` between, UTF-8, or a workbook. Says clearly what is wrong with any other."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO

from core.national_ids import holds_national_id
from onboarding.hr_file import columns
from onboarding.hr_file.headings import Headings, is_unknown, looks_like_headings, read_headings
from onboarding.hr_file.inspection import inspect_bytes, refuse
from onboarding.hr_file.rows import RawRow, with_parts_of_name
from onboarding.hr_file.workbook import is_workbook, workbook_as_csv

MAX_ROWS = 400_000
MAX_COLUMNS = 200
# Longer than any column takes, short enough to keep what a broken file can store small.
MAX_VALUE_LENGTH = 1000
# A quoted line break joins lines; more than this many means a quote that was never closed.
MAX_JOINED_LINES = 5


@dataclass
class HrFile:
    """A file that holds what HR's file must hold. Its rows can be gone through again and again."""

    stream: IO[bytes]
    columns: list[str]
    checksum: str
    ends_whole: bool
    has_reasons: bool = False
    is_cut: bool = False
    # Of a file that a person looks at: headings nobody has told the meaning of yet.
    headings: Headings | None = None
    # The stream is a copy made for reading, and nobody else's.
    is_copy: bool = False

    def __del__(self) -> None:
        if self.is_copy:
            self.stream.close()

    def rows(self) -> Iterator[RawRow]:
        """Go through the rows from the first. Afterwards `is_cut` tells whether the last one broke off."""
        record = 0
        wanted = len(self.headings.keys if self.headings else self.columns)
        for fields in _split_lines(_open_text(self.stream), wanted):
            if record == 0:
                record = 1
                continue
            if record > MAX_ROWS:
                raise refuse("too_many_rows", max=MAX_ROWS)
            row = self._row(record, fields)
            self.is_cut = row.problem == "too_few_fields" and not self.ends_whole
            yield row
            record += 1

    def _row(self, record: int, fields: list[str]) -> RawRow:
        names = self.headings.keys if self.headings else self.columns
        wanted = len(names)
        if self.has_reasons:
            del fields[wanted:]
        while len(fields) > wanted and not fields[-1].strip():
            fields.pop()
        problem = ""
        if len(fields) != wanted:
            problem = "too_few_fields" if len(fields) < wanted else "too_many_fields"
        values, blanked = _clean(dict(zip(names, fields, strict=False)))
        if self.headings and not self.headings.unknown:
            # Columns that are left out leave nothing behind, an identity number in them neither.
            values = {name: value for name, value in values.items() if not is_unknown(name)}
            blanked = tuple(name for name in blanked if not is_unknown(name))
        if columns.WHOLE_NAME in blanked:
            blanked = (*blanked, "fornavn")
        return RawRow(record, with_parts_of_name(values), blanked, problem)


def open_hr_file(stream: IO[bytes], known: Mapping[str, str] | None = None) -> HrFile:
    """Return the file in `stream`, which must be seekable and stay open.

    The headings must be ours to the letter, unless `known` is given: then a person looks at the file, the headings are
    taken by name in any order, by what `known` says of them, and the rest are left to that person (`headings.unknown`).

    Raises RefusedError (field "file"; the code says which) when it is too large, empty, neither text in UTF-8 with `;`
    nor a workbook, or lacks, renames or moves a column.
    """
    inspection = inspect_bytes(stream, is_text=not is_workbook(stream))
    if not inspection.is_text:
        stream = workbook_as_csv(stream, MAX_ROWS)
    header = next(_split_lines(_open_text(stream), 0), [])
    if len(header) > MAX_COLUMNS:
        raise refuse("too_many_columns", max=MAX_COLUMNS)
    if known is None:
        file = HrFile(stream, check_header(header), inspection.checksum, inspection.ends_whole)
        file.has_reasons = any(name.strip().lower() == columns.REASON for name in header)
    else:
        headings = _look_at(header, known)
        file = HrFile(stream, headings.columns, inspection.checksum, inspection.ends_whole, headings=headings)
    file.is_copy = not inspection.is_text
    if next(file.rows(), None) is None:
        raise refuse("no_rows")
    return file


def _look_at(header: list[str], known: Mapping[str, str]) -> Headings:
    """Return the headings of a file that a person looks at. Raises RefusedError when nothing can be made of them."""
    headings = read_headings(header, known)
    if len(headings.keys) < 2:
        raise refuse("wrong_separator")
    if not looks_like_headings(headings):
        raise refuse("no_header")
    if len(headings.missing) > len(headings.unknown):
        raise refuse("columns_missing", missing=headings.missing)
    return headings


def check_header(header: list[str]) -> list[str]:
    """Return the columns of the file. Raises RefusedError that names each column missing, unknown or misplaced."""
    names = [name.strip() for name in header]
    while names and (not names[-1] or names[-1].lower() == columns.REASON):
        names.pop()
    if len(names) < 2:
        raise refuse("wrong_separator")
    known = [name.lower() for name in names]
    _check_names(names, known)
    for place, (name, wanted) in enumerate(zip(known, columns.REQUIRED, strict=False), start=1):
        if name != wanted:
            raise refuse("columns_misplaced", name=wanted, place=columns.REQUIRED.index(wanted) + 1, found=place)
    return known


def _check_names(names: list[str], known: list[str]) -> None:
    missing = [name for name in columns.REQUIRED if name not in known]
    unknown = [name for name, key in zip(names, known, strict=True) if key not in columns.ALL]
    if len(missing) == len(columns.REQUIRED):
        raise refuse("no_header")
    if missing and unknown:
        raise refuse("columns_renamed", missing=missing, unknown=unknown)
    if missing:
        raise refuse("columns_missing", missing=missing)
    if unknown:
        raise refuse("columns_unknown", unknown=unknown)
    if doubled := sorted({name for name in known if known.count(name) > 1}):
        raise refuse("columns_doubled", doubled=doubled)


def _open_text(stream: IO[bytes]) -> Iterator[str]:
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding="utf-8-sig")
    try:
        for line in text:  # noqa: UP028 - «yield from» would close the file with this generator
            yield line
    finally:
        text.detach()


def _split_lines(lines: Iterator[str], wanted: int) -> Iterator[list[str]]:
    """Split each line into fields; a line break within quotes joins lines, an unclosed quote costs only its own."""
    waiting: list[str] = []
    for line in lines:
        waiting.append(line)
        while waiting:
            taken = _take(waiting, wanted, is_last=False)
            if taken is None:
                break
            yield from taken
    while waiting:
        yield from _take(waiting, wanted, is_last=True) or []


def _take(waiting: list[str], wanted: int, *, is_last: bool) -> list[list[str]] | None:
    """Take one record off `waiting`; [] for a blank line, None when more lines are needed to tell."""
    first = waiting[0]
    if first.count('"') % 2 == 0:
        waiting.pop(0)
        return [_fields(first)] if first.strip() else []
    for count in range(2, len(waiting) + 1):
        joined = "".join(waiting[:count])
        if joined.count('"') % 2 == 0 and len(_fields(joined)) == wanted:
            del waiting[:count]
            return [_fields(joined)]
    if len(waiting) <= MAX_JOINED_LINES and not is_last:
        return None
    waiting.pop(0)
    return [first.rstrip("\r\n").replace('"', "").split(";")]


def _fields(line: str) -> list[str]:
    if '"' not in line:
        return line.rstrip("\r\n").split(";")
    try:
        return next(csv.reader([line], delimiter=";"), [])
    except csv.Error:
        return line.rstrip("\r\n").replace('"', "").split(";")


def _clean(values: dict[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Blank identity numbers and what the database cannot hold; return the values and the columns blanked."""
    values = {name: value[:MAX_VALUE_LENGTH].replace("\x00", "\ufffd") for name, value in values.items()}
    # One in a field too many has no column to blame; it is not kept, and the row is refused for its length.
    blanked = tuple(name for name, value in values.items() if holds_national_id(value))
    return values | dict.fromkeys(blanked, ""), blanked
