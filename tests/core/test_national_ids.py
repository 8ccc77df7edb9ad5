"""Numbers made from the rule itself; none of them is anybody's, for the synthetic ones are given to no one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.national_ids import LONGEST, holds_national_id, without_national_ids
from tests.growth import IN_PROPORTION, growth

FIRST = (3, 7, 6, 1, 8, 9, 4, 5, 2)
SECOND = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def make(nine: str) -> str | None:
    """Return the number that begins with these nine digits; None where the rule gives it no control digits."""
    digits = [int(one) for one in nine]
    for weights in (FIRST, SECOND):
        control = 11 - sum(weight * digit for weight, digit in zip(weights, digits, strict=True)) % 11
        if control == 10:
            return None
        digits.append(control % 11)
    return "".join(map(str, digits))


SYNTHETIC = next(filter(None, (make(f"018101{n:03}") for n in range(900))))


@pytest.mark.parametrize("shown", ["{0}{1}", "{0} {1}", "{0}.{1}", "fnr: {0}{1}!", "({0}\u00a0{1})"])
def test_found_however_it_is_written(shown: str) -> None:
    assert holds_national_id(shown.format(SYNTHETIC[:6], SYNTHETIC[6:]))


@pytest.mark.parametrize(
    "text", ["", "22 33 44 55", "12345678901", "Ring 02180", f"1{SYNTHETIC}", f"{SYNTHETIC}7", "٠" * 11]
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert not holds_national_id(text)


@given(st.integers(0, 9), st.integers(0, 10))
def test_one_wrong_digit_is_no_number(place_shift: int, place: int) -> None:
    changed = (int(SYNTHETIC[place]) + place_shift) % 10
    wrong = f"{SYNTHETIC[:place]}{changed}{SYNTHETIC[place + 1 :]}"
    assert holds_national_id(wrong) == (wrong == SYNTHETIC)


DATE, REST = SYNTHETIC[:6], SYNTHETIC[6:]
LEFT_APART = ["  ", "\u00a0\u00a0", "/", "_", " - ", ": ", "·", " (", ",", ";", "\n", "\u200b", " " * 300]


@pytest.mark.parametrize("apart", LEFT_APART)
def test_found_whatever_keeps_it_apart(apart: str) -> None:
    assert holds_national_id(f"Vikar {DATE}{apart}{REST}, ring 22 33 44 55")


@pytest.mark.parametrize("prefix", ["+47", "+47 ", "0047", "00", "+", "47 ", "47", "+46", "nr_", "2026-01-31: "])
def test_found_behind_a_prefix(prefix: str) -> None:
    assert holds_national_id(f"{prefix}{SYNTHETIC}")
    assert holds_national_id(f"{prefix}{DATE} {REST} 2")


@pytest.mark.parametrize(
    "shown",
    [f"{DATE}_{REST}.csv", f"{DATE}_{REST}@oslo.example", " ".join(SYNTHETIC), f"{SYNTHETIC[:4]} {SYNTHETIC[4:]}"],
)
def test_found_in_names_and_split_elsewhere(shown: str) -> None:
    assert without_national_ids(shown) == "•••"


@pytest.mark.parametrize("zero", ["٠", "０", "⁰"])
def test_found_in_other_digits(zero: str) -> None:
    other = "⁰¹²³⁴⁵⁶⁷⁸⁹" if zero == "⁰" else "".join(chr(ord(zero) + value) for value in range(10))
    assert holds_national_id("".join(other[int(digit)] for digit in SYNTHETIC))


def test_a_lost_zero_counts_where_it_is_all_there_is() -> None:
    assert holds_national_id(f" {SYNTHETIC[1:]} ")
    for text in (f"nr {SYNTHETIC[1:]}", f"+{SYNTHETIC[1:]}"):
        assert not holds_national_id(text)


@pytest.mark.parametrize(
    "text",
    ["+47 22 33 44 55", "0047 40054262", "+46 70 123 45 67", "00479001010750160", "400 54 262, 911 22 333",
     "2026-11-22 14:38:22", "22 33 44 55 / 66 77 88 99", "BEST-202611221"],
)  # fmt: skip
def test_telephones_dates_and_orders_are_left_alone(text: str) -> None:
    assert not holds_national_id(text)


def test_other_countries_telephones_are_left_alone() -> None:
    abroad = next(filter(None, (make(f"468101{n:03}") for n in range(900))))
    assert holds_national_id(abroad)
    assert not holds_national_id(f"+{abroad}")
    assert not holds_national_id(f"00{abroad}")


@pytest.mark.parametrize("part", [";.", ". ", "1 ", "0 ", "1", "+1", "é1 ", "1" + " " * 999, "0123456789x"])
def test_no_text_takes_long(part: str) -> None:
    assert growth(lambda size: holds_national_id(part * size + "x"), LONGEST // len(part) // 4) < IN_PROPORTION


def test_a_d_number_counts() -> None:
    number = next(filter(None, (make(f"410101{n:03}") for n in range(900))))
    assert holds_national_id(number)
