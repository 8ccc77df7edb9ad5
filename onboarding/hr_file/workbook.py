"""A workbook from a spreadsheet, written out as the CSV file that its first sheet with rows would be.

So there is one road for both. What a spreadsheet stores otherwise than it is shown is read as it is shown: dates,
percentages, numbers with leading zeros.
"""

from __future__ import annotations

import csv
import datetime
import io
import zipfile
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from openpyxl import load_workbook

from core.errors import RefusedError
from onboarding.hr_file.inspection import refuse

MAGIC = b"PK\x03\x04"
_BOOK = "xl/workbook.xml"
# What a workbook may unfold to: all its texts are in memory while it is read, its rows are not.
MAX_UNFOLDED = 512 * 1024 * 1024
MAX_TEXTS = 96 * 1024 * 1024
# A file as large as this is written to disk instead.
IN_MEMORY = 32 * 1024 * 1024
_TEXTS = "xl/sharedStrings.xml"


def is_workbook(stream: IO[bytes]) -> bool:
    """Whether `stream` begins as a workbook does. Leaves it at the beginning."""
    stream.seek(0)
    head = stream.read(len(MAGIC))
    stream.seek(0)
    return head == MAGIC


def workbook_as_csv(stream: IO[bytes], most_rows: int) -> IO[bytes]:
    """Return an open temporary file with the rows of the workbook. Raises RefusedError when it cannot be read."""
    _check(stream)
    out: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - lives as long as the file that is read
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    try:
        for count, row in enumerate(_rows(stream)):
            if count > most_rows:
                raise refuse("too_many_rows", max=most_rows)
            writer.writerow(row)
    except RefusedError:
        out.close()
        raise
    except Exception:
        # Whatever is wrong within it, the libraries have no one word for it.
        out.close()
        raise refuse("xlsx_unreadable") from None
    text.detach()
    out.seek(0)
    return out


def _check(stream: IO[bytes]) -> None:
    try:
        with zipfile.ZipFile(stream) as archive:
            sizes = {entry.filename: entry.file_size for entry in archive.infolist()}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise refuse("xlsx_unreadable") from None
    if _BOOK not in sizes:
        raise refuse("looks_like_archive")
    if sum(sizes.values()) > MAX_UNFOLDED or sizes.get(_TEXTS, 0) > MAX_TEXTS:
        raise refuse("xlsx_too_large")


def _rows(stream: IO[bytes]) -> Iterator[list[str]]:
    """The rows of the first sheet one can see that has any, empty ones left out, each as wide as the first."""
    book = load_workbook(stream, read_only=True, data_only=True)
    try:
        for sheet in book.worksheets:
            wide = 0
            for cells in sheet.iter_rows() if sheet.sheet_state == "visible" else ():
                texts = [_text(cell) for cell in cells]
                while texts and not texts[-1]:
                    texts.pop()
                if texts:
                    wide = wide or len(texts)
                    yield texts + [""] * (wide - len(texts))
            if wide:
                return
    finally:
        book.close()


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return " ".join(value.splitlines()) if "\n" in value or "\r" in value else value
    if isinstance(value, bool):
        return "J" if value else "N"
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ")
    if isinstance(value, int | float):
        return _number(value, cell.number_format or "")
    return str(value)


def _number(value: float, shown_as: str) -> str:
    if shown_as.endswith("%"):
        value = round(value * 100, 6)
    text = str(int(value)) if value == int(value) else repr(value)
    if set(shown_as) == {"0"}:
        text = text.zfill(len(shown_as))
    return text
