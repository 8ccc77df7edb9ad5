"""Whatever the bytes: the reader answers with rows or a refusal in words, and lets no identity number through."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import RefusedError
from core.spreadsheets import harmless
from onboarding.hr_file import tidying
from onboarding.hr_file.columns import OPTIONAL, REQUIRED
from onboarding.hr_file.reader import HrFile, check_header, open_hr_file
from onboarding.hr_file.rows import RawRow
from onboarding.hr_file.suggesting import likeness
from tests.growth import IN_PROPORTION, growth
from tests.onboarding.hr import HEADER, hr_file, hr_row

CELL = st.text(max_size=30)


def answer(ask: Callable[..., Any], *args: Any) -> Any:
    """What `ask` returns, or the refusal it raises."""
    try:
        return ask(*args)
    except (RefusedError, tidying.UnreadableError) as error:
        return error


def opened(text: str) -> HrFile:
    return open_hr_file(io.BytesIO(text.encode()))


@given(st.binary(max_size=400))
def test_any_bytes(data: bytes) -> None:
    found = answer(lambda: list(open_hr_file(io.BytesIO(data)).rows()))
    if isinstance(found, RefusedError):
        assert found.field == "file"
        assert str(found.message)


@given(st.text(max_size=400))
@settings(max_examples=300)
def test_any_text_after_the_header(text: str) -> None:
    try:
        rows = list(opened(f"{HEADER}\n{text}").rows())
    except RefusedError:
        return
    assert [row.record for row in rows] == list(range(1, len(rows) + 1))
    for row in rows:
        assert RawRow.from_json(row.record, row.to_json()) == row
        assert "\x00" not in "".join(row.values.values())


@given(st.lists(CELL.filter(lambda cell: not re.search(r'[";\r\n\x00]', cell)), min_size=16, max_size=16))
def test_plain_cells_come_out_as_they_went_in(cells: list[str]) -> None:
    try:
        row = next(opened(f"{HEADER}\n{';'.join(cells)}\n").rows())
    except RefusedError:
        return
    if not row.blanked:
        assert list(row.values.values()) == cells


@given(CELL)
def test_tidying_twice_is_tidying_once(text: str) -> None:
    tidy = answer(tidying.tidy_text, text)
    assert answer(tidying.tidy_text, tidy) == tidy if isinstance(tidy, str) else tidy.code


@given(CELL)
def test_values_are_read_or_refused(text: str) -> None:
    for read in (
        tidying.read_number, tidying.read_date, tidying.read_percentage, tidying.read_phone, tidying.read_email,
        tidying.check_name,
    ):  # fmt: skip
        answer(read, text)
    tidying.mend_email(text)
    tidying.mend_mojibake(text)
    likeness(text, "hjemmetjenesten alna vest")


@given(CELL)
def test_no_cell_is_a_formula(text: str) -> None:
    assert not str(harmless(text)).startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize("cell", ["010107  50160", "010107\u00a0\u00a050160", "+4701010750160", "010107;50160"])
def test_identity_numbers_are_seen_before_spaces_are_tidied_away(cell: str) -> None:
    row = next(open_hr_file(hr_file(hr_row(stilling=f'"Vikar {cell}"', mobil=cell.replace(";", "/")))).rows())
    assert row.blanked == ("mobil", "stilling")


def test_a_long_line_takes_no_time() -> None:
    def read(size: int) -> list[str]:
        return [row.problem for row in opened(f"{HEADER}\n{';.' * size}x\n{'1 ' * size}\n").rows()]

    assert growth(read, 10_000) < IN_PROPORTION


def test_mending_letters_brings_no_identity_number() -> None:
    assert tidying.mend_mojibake("SÃ¸lvi") == "Sølvi"
    assert not tidying.mend_mojibake("SÃ¸lvi 010107Â\u00a050160")


def test_identity_number_is_blanked_where_it_stands() -> None:
    row = next(open_hr_file(hr_file(hr_row(etternavn="Ness 01010750160"))).rows())
    assert row.blanked == ("etternavn",)
    assert row.values["etternavn"] == ""


def test_one_broken_quote_costs_one_row() -> None:
    good = ";".join(hr_row().values())
    rows = list(opened(f'{HEADER}\n"{good}\n{good}\n{good}\n').rows())
    assert [row.problem for row in rows] == ["", "", ""]
    assert len(rows) == 3


def test_quoted_cells_may_hold_separators_and_line_breaks() -> None:
    line = ";".join(hr_row(etternavn='"Ness; den\nandre"').values())
    rows = list(opened(f"{HEADER}\n{line}\n{line}\n").rows())
    assert [row.values["etternavn"] for row in rows] == ["Ness; den\nandre"] * 2


def test_bom_and_all_line_ends() -> None:
    line = ";".join(hr_row().values())
    for end in ("\n", "\r\n", "\r"):
        file = open_hr_file(io.BytesIO(("\ufeff" + end.join([HEADER, line, line, ""])).encode()))
        assert len(list(file.rows())) == 2
        assert not file.is_cut


def test_optional_columns_in_any_order() -> None:
    assert check_header([*REQUIRED, *reversed(OPTIONAL)]) == [*REQUIRED, *reversed(OPTIONAL)]


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ([*REQUIRED[1:], "ansattnr"], "columns_misplaced"),
        (list(REQUIRED[:-1]), "columns_missing"),
        ([*REQUIRED, "farge"], "columns_unknown"),
        ([*REQUIRED, "malform", "malform"], "columns_doubled"),
        (["Ansatt-nr", *REQUIRED[1:]], "columns_renamed"),
        (["navn", "adresse"], "no_header"),
        (["ansattnr,fornavn"], "wrong_separator"),
    ],
)
def test_headers_are_refused_by_name(header: list[str], code: str) -> None:
    with pytest.raises(RefusedError) as refused:
        check_header(header)
    assert refused.value.code == code


def test_a_heading_does_not_echo_an_identity_number() -> None:
    with pytest.raises(RefusedError) as refused:
        check_header([*REQUIRED, "01010750160"])
    assert "50160" not in str(refused.value.message)


def test_abbreviated_units_are_found() -> None:
    wanted = "ht alna vst"
    assert likeness(wanted, "hjemmetjenesten alna vest") > likeness(wanted, "hjemmetjenesten alna ost") > 0.5
    assert likeness(wanted, "alna bibliotek") < 0.72
