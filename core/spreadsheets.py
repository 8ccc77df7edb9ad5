"""Tables that leave as a file for a spreadsheet, as CSV and as XLSX: rows go out as they come, and nothing runs.

A spreadsheet takes a cell that begins with =, +, -, @, a tab or a line's end as a formula, whoever wrote it. Such a
text gets an apostrophe in front, in both formats, so that it stays text also when the file is saved as the other one.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from tempfile import TemporaryFile
from typing import IO

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

Cell = str | int | None
Row = Sequence[Cell]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_CELL = 32_000
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # full-width ones count too
_WIDTH = 24


def harmless(value: Cell) -> Cell:
    """Return `value` as a cell that no spreadsheet takes for a formula; numbers stay numbers."""
    if not isinstance(value, str):
        return value
    text = ILLEGAL_CHARACTERS_RE.sub("", value)[:MAX_CELL]
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_BEGINS_A_FORMULA) else text


def spreadsheet_response(rows: Iterable[Row], *, name: str, kind: str) -> HttpResponseBase:
    """Answer with `rows` as a file called `name` ending in `kind`, "csv" or "xlsx"; no cache keeps it."""
    response: HttpResponseBase
    if kind == "xlsx":
        response = FileResponse(write_xlsx(rows), content_type=XLSX)
    else:
        response = StreamingHttpResponse(csv_lines(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def csv_lines(rows: Iterable[Row]) -> Iterator[bytes]:
    """Yield the file line by line: UTF-8 with its mark, semicolons, as a Norwegian spreadsheet opens it."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    yield b"\xef\xbb\xbf"
    for row in rows:
        writer.writerow([harmless(cell) for cell in row])
        yield out.getvalue().encode()
        out.seek(0)
        out.truncate()


def write_xlsx(rows: Iterable[Row]) -> IO[bytes]:
    """Return an open temporary file with one sheet; the first row is its heading. Holds one row in memory at a time."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for number, row in enumerate(rows):
        if number == 0:
            for column in range(len(row)):
                sheet.column_dimensions[get_column_letter(column + 1)].width = _WIDTH
        sheet.append([_cell(sheet, cell, bold=number == 0) for cell in row])
    file = TemporaryFile()  # noqa: SIM115 - whoever asked closes it
    book.save(file)
    file.seek(0)
    return file


def _cell(sheet: object, value: Cell, *, bold: bool) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=harmless(value))
    if isinstance(value, str):
        cell.data_type = "s"  # text, whatever it looks like
    if bold:
        cell.font = Font(bold=True)
    return cell
