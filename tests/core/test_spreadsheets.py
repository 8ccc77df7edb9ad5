"""Files for spreadsheets: what is text stays text."""

from __future__ import annotations

import csv
import io

import pytest
from openpyxl import load_workbook

from core.spreadsheets import Row, csv_lines, harmless, spreadsheet_response, write_xlsx

WICKED = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1+1", "＝1+1"]


@pytest.mark.parametrize("text", WICKED)
def test_what_a_spreadsheet_would_run_becomes_text(text: str) -> None:
    assert str(harmless(text)).startswith("'")


@pytest.mark.parametrize("cell", ["Bydel Alna", "Vann- og avløpsetaten", "", 17, -3, None])
def test_ordinary_cells_stay_as_they_are(cell: str | int | None) -> None:
    assert harmless(cell) == cell


def test_both_formats_say_the_same() -> None:
    wicked: list[Row] = [[text, 12] for text in WICKED]
    rows: list[Row] = [["Enhet", "Ansatte"], *wicked, ["Ærlig «sjø»; og mer", 3]]
    lines = b"".join(csv_lines(rows)).decode("utf-8-sig")
    read = list(csv.reader(io.StringIO(lines, newline=""), delimiter=";"))
    with write_xlsx(rows) as file:
        sheet = load_workbook(file).active
    assert sheet is not None
    for number, row in enumerate(rows):
        shown = [str(cell) for cell in map(harmless, row)]
        assert read[number] == shown
        cells = next(iter(sheet.iter_rows(min_row=number + 1, max_row=number + 1)))
        assert all(cell.data_type != "f" for cell in cells)
        assert [str(cell.value) for cell in cells] == [text.replace("\r", "\n") for text in shown], "as XML reads it"


def test_many_rows_go_out_as_they_come() -> None:
    taken = []

    def rows() -> object:
        for number in range(1000):
            taken.append(number)
            yield [number]

    lines = csv_lines(rows())  # type: ignore[arg-type]
    assert next(lines) == b"\xef\xbb\xbf"
    assert next(lines) == b"0\r\n"
    assert len(taken) == 1


def test_the_answer_is_a_file_nobody_keeps() -> None:
    answer = spreadsheet_response([["a"]], name="tall-2026-11-22", kind="xlsx")
    assert answer["Content-Disposition"] == 'attachment; filename="tall-2026-11-22.xlsx"'
    assert "no-store" in answer["Cache-Control"]
