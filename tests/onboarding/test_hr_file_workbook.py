"""A workbook says the same as the CSV file it would be; one that is broken, packed or a bomb is refused in words."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import pytest
from openpyxl import Workbook

from core.errors import RefusedError
from onboarding.hr_file import workbook
from onboarding.hr_file.columns import REQUIRED
from onboarding.hr_file.reader import open_hr_file
from tests.onboarding.hr import hr_row

NUMBERED = {"ansattnr": 104882, "stillingsprosent": 0.8, "skjermet": False, "startdato": datetime.date(2026, 12, 1)}


def book(*rows: Sequence[Any], shown_as: dict[str, str] | None = None, hidden: bool = False) -> io.BytesIO:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    if hidden:
        sheet.append(["hidden"])
        sheet.sheet_state = "hidden"
        sheet = made.create_sheet()
    for row in rows:
        sheet.append(list(row))
    for cell, how in (shown_as or {}).items():
        sheet[cell].number_format = how
    out = io.BytesIO()
    made.save(out)
    out.seek(0)
    return out


def one_row(**facts: Any) -> list[Any]:
    return list((hr_row() | facts).values())


def test_cells_are_read_as_they_are_shown() -> None:
    row = one_row(**NUMBERED, etternavn="Ness;\nBerg", mobil=90000001)
    file = open_hr_file(book(REQUIRED, [], row, [], shown_as={"A3": "00000000", "O3": "0%"}, hidden=True))
    (read,) = list(file.rows())
    told = {name: read.values[name] for name in (*NUMBERED, "etternavn", "mobil")}
    assert told == {
        "ansattnr": "00104882", "stillingsprosent": "80", "skjermet": "N", "startdato": "2026-12-01",
        "etternavn": "Ness; Berg", "mobil": "90000001",
    }  # fmt: skip
    assert (file.is_cut, len(file.checksum)) == (False, 64)


def test_an_identity_number_is_seen_without_its_first_zero() -> None:
    (read,) = list(open_hr_file(book(REQUIRED, one_row(mobil=1010750160))).rows())
    assert (read.blanked, read.values["mobil"]) == (("mobil",), "")


def refusal(data: bytes) -> str:
    with pytest.raises(RefusedError) as refused:
        open_hr_file(io.BytesIO(data))
    assert refused.value.field == "file"
    return refused.value.code


def archive(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(name.replace("__", "/").replace("_", "."), data)
    return out.getvalue()


def test_what_is_no_workbook_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = book(REQUIRED, one_row()).getvalue()
    assert refusal(whole[:2000]) == "xlsx_unreadable"
    assert refusal(archive(word__document_xml=b"<w/>")) == "looks_like_archive"
    assert refusal(archive(xl__workbook_xml=b"<broken")) == "xlsx_unreadable"
    assert refusal(book(REQUIRED).getvalue()) == "no_rows"
    assert refusal(book(["navn", "adresse"], ["a", "b"]).getvalue()) == "no_header"
    for place in range(len(whole) // 3, len(whole) // 3 + 60):
        broken = bytearray(whole)
        broken[place : place + 20] = bytes(value ^ 0x5A for value in broken[place : place + 20])
        with suppress(RefusedError):
            open_hr_file(io.BytesIO(bytes(broken)))
    monkeypatch.setattr(workbook, "MAX_UNFOLDED", 1000)
    assert refusal(whole) == "xlsx_too_large"
