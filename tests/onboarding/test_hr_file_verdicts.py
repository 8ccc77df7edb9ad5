"""Every verdict is written down, and what was probably meant is offered, never taken."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from core.errors import RefusedError
from onboarding.hr_file import guessing
from onboarding.hr_file.messages import FILE_MESSAGES, ROW_MESSAGES
from onboarding.hr_file.reader import open_hr_file
from onboarding.hr_file.tidying import UnreadableError, tidy_text

DOCUMENT = Path(__file__).parents[2] / "docs" / "hr-file.md"


def test_every_code_has_its_line_in_the_document() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert [code for code in (*ROW_MESSAGES, *FILE_MESSAGES) if f"`{code}`" not in text] == []


def test_bad_input_is_listed_by_habit_and_no_code_is_made_up() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    table = text.split("## Bad input")[1].split("\n## ")[0]
    named = set(re.findall(r"`([a-z_0-9]+)`", "".join(re.findall(r"\|([^|]*)\|\n", table))))
    assert named <= {*ROW_MESSAGES, *FILE_MESSAGES}
    assert len(re.findall(r"^\| ", table, re.MULTILINE)) > 20
    for wanted in ("HR_FOLDER", "## Undo", "## The source", "## Columns", ".xlsx", "`headings="):
        assert wanted in text


def test_dates_in_every_habit() -> None:
    meant = {
        "12/31/2026": "2026-12-31", "31/12/2026": "2026-12-31", "2026/12/31": "2026-12-31", "20261231": "2026-12-31",
        "31.12.26": "2026-12-31", "31-12-2026": "2026-12-31", "1. desember 2026": "2026-12-01",
        "1 Dec 2026": "2026-12-01", "46387": "2026-12-31", "46387,0": "2026-12-31",
        "2026-12-31 00:00:00": "2026-12-31", "3/4/2026": "2026-04-03",
        "13/13/2026": "", "31.02.26": "", "i morgen": "", "12": "", "999999": "", "31/12/202": "", "": "",
    }  # fmt: skip
    assert {text: guessing.guess_date(text) for text in meant} == meant


def test_days_after_the_last_of_a_month() -> None:
    meant = {"31.11.2026": "2026-11-30", "2026-02-30": "2026-02-28", "32.12.2026": "", "01.13.2026": "", "x": ""}
    assert {text: guessing.guess_existing(text) for text in meant} == meant


def test_other_guesses() -> None:
    assert [guessing.guess_number(text) for text in ("A104882", "104882.0", "12-34", "x", "7")] == [
        "104882", "104882", "", "", "",
    ]  # fmt: skip
    assert [guessing.guess_percentage(text) for text in ("0,8", "80 prosent", "1", "0", "101", "mye")] == [
        "80", "80", "100", "", "", "",
    ]  # fmt: skip
    assert [guessing.guess_protection(text) for text in ("Yes", "TRUE", "0", "kanskje")] == ["J", "J", "N", ""]


@pytest.mark.parametrize("text", ["#N/A", "#REF!", "#NAVN?", "########", " #VERDI! "])
def test_a_spreadsheets_error_is_no_value(text: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        tidy_text(text)
    assert refused.value.code == "spreadsheet_error"


def test_a_file_of_columns_is_refused_at_once() -> None:
    data = (";".join(f"kolonne{place}" for place in range(20_000)) + "\nx\n").encode()
    for known in (None, dict[str, str]()):
        with pytest.raises(RefusedError) as refused:
            open_hr_file(io.BytesIO(data), known)
        assert refused.value.code == "too_many_columns"
