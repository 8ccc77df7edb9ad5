"""What is hidden can never be worked out from what is shown."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from core.suppression import LEAST, Branch, hidden_branches


def tree(*rows: tuple[int, int | None, int]) -> list[Branch]:
    return [Branch(*row) for row in rows]


def test_large_units_are_shown() -> None:
    assert hidden_branches(tree((1, None, 40), (2, 1, 20), (3, 1, 20))) == set()


def test_one_small_unit_takes_the_next_smallest_with_it() -> None:
    assert hidden_branches(tree((1, None, 65), (2, 1, 5), (3, 1, 40), (4, 1, 20))) == {2, 4}


def test_two_small_units_that_are_ten_together_are_enough() -> None:
    assert hidden_branches(tree((1, None, 52), (2, 1, 5), (3, 1, 7), (4, 1, 40))) == {2, 3}


def test_small_units_that_are_fewer_than_ten_together_take_one_more() -> None:
    assert hidden_branches(tree((1, None, 87), (2, 1, 3), (3, 1, 4), (4, 1, 40), (5, 1, 40))) == {2, 3, 4}


def test_people_placed_directly_in_a_unit_count_as_one_below_it() -> None:
    assert hidden_branches(tree((1, None, 53), (2, 1, 30), (3, 1, 20))) == {3}, "three sit in 1 itself"


def test_below_a_hidden_unit_everything_is_hidden() -> None:
    branches = tree((1, None, 65), (2, 1, 5), (3, 1, 20), (4, 1, 40), (5, 3, 10), (6, 3, 10))
    assert hidden_branches(branches) == {2, 3, 5, 6}


def test_a_small_organisation_shows_nothing() -> None:
    assert hidden_branches(tree((1, None, 9), (2, 1, 9))) == {1, 2}


def test_units_without_people_play_no_part() -> None:
    assert hidden_branches(tree((1, None, 40), (2, 1, 0), (3, 1, 40))) == set()


@st.composite
def organisations(draw: st.DrawFn) -> tuple[list[Branch], dict[int, int]]:
    """A tree of up to 14 units with people placed anywhere in it; also how many sit directly in each."""
    size = draw(st.integers(1, 14))
    parents = [None, *(draw(st.integers(1, number)) for number in range(1, size))]
    direct = {number: draw(st.sampled_from([0, 0, 1, 3, 6, 9, 10, 12, 30, 60])) for number in range(1, size + 1)}
    counts = dict(direct)
    for number in range(size, 1, -1):
        parent = parents[number - 1]
        assert parent is not None
        counts[parent] += counts[number]
    return [Branch(number, parents[number - 1], counts[number]) for number in range(1, size + 1)], direct


def _in_span(wanted: list[int], known: list[list[int]]) -> bool:
    """Say whether `wanted` is a combination of `known` (Gaussian elimination, exact)."""
    rows = [[Fraction(value) for value in row] for row in known]
    left = [Fraction(value) for value in wanted]
    for column in range(len(wanted)):
        pivot = next((row for row in rows if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        rows = [_without(row, pivot, column) for row in rows]
        left = _without(left, pivot, column)
    return not any(left)


def _without(row: list[Fraction], pivot: list[Fraction], column: int) -> list[Fraction]:
    share = row[column] / pivot[column]
    return [value - share * other for value, other in zip(row, pivot, strict=True)]


@settings(max_examples=300, deadline=None)
@given(organisations())
def test_no_hidden_unit_can_be_computed_from_the_shown_ones(case: tuple[list[Branch], dict[int, int]]) -> None:
    branches, direct = case
    hidden = hidden_branches(branches)
    places = [branch.id for branch in branches if direct[branch.id]]
    above = {branch.id: branch.parent_id for branch in branches}

    def vector(unit: int) -> list[int]:
        """Which places' people the unit's figure counts."""
        return [int(_is_below(place, unit, above)) for place in places]

    shown = [branch for branch in branches if branch.count and branch.id not in hidden]
    assert all(branch.count >= LEAST for branch in shown)
    total = [1] * len(places)
    known = [vector(branch.id) for branch in shown] + ([total] if branches[0].count >= LEAST else [])
    for unit in hidden:
        # The organisation's total is shown anyway; a unit that holds everyone is the same figure.
        if vector(unit) != total:
            assert not _in_span(vector(unit), known)


def _is_below(place: int | None, unit: int, above: dict[int, int | None]) -> bool:
    while place is not None and place != unit:
        place = above[place]
    return place == unit
