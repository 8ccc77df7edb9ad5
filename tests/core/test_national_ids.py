"""Numbers made from the rule itself; none of them is anybody's, for the synthetic ones are given to no one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.national_ids import holds_national_id

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


def test_a_d_number_counts() -> None:
    number = next(filter(None, (make(f"410101{n:03}") for n in range(900))))
    assert holds_national_id(number)
