"""Counts by unit as they may be stored for good: those of units that are never shown lie with the units above them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from core.suppression import LEAST, Branch, hidden_branches
from directory.models import OrgUnit

USE = ("delivered", "seen", "acknowledged")


def suppressed_counts(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the same rows, with what people did moved from each hidden unit to the nearest shown one above it.

    The sums of every unit that is shown stay what they were, and so do the numbers of people, on which it rests what
    is hidden. Of an audience below ten nothing about use is kept.
    """
    found = [dict(row) for row in rows]
    units = {unit.pk: unit for unit in OrgUnit.objects.all()}
    hidden = _hidden(found, units)
    enough = sum(row["active"] for row in found) >= LEAST
    use: defaultdict[int | None, dict[str, int]] = defaultdict(lambda: dict.fromkeys(USE, 0))
    for row in found:
        place = _shown(row["unit_id"], units, hidden)
        for name in USE:
            use[place][name] += row[name] if enough else 0
    by_unit = {row["unit_id"]: row for row in found}
    for place in use.keys() - by_unit.keys():
        by_unit[place] = {"unit_id": place, "audience": 0, "joined_later": 0, "active": 0}
    return [row | use.get(place, dict.fromkeys(USE, 0)) for place, row in by_unit.items()]


def _hidden(rows: Iterable[Mapping[str, Any]], units: Mapping[int, OrgUnit]) -> set[int]:
    people: defaultdict[int, int] = defaultdict(int)
    for row in rows:
        unit = units.get(row["unit_id"])
        for pk in unit.ancestor_ids() if unit else ():
            people[pk] += row["active"]
    return hidden_branches(Branch(pk, units[pk].parent_id, count) for pk, count in people.items())


def _shown(pk: int | None, units: Mapping[int, OrgUnit], hidden: set[int]) -> int | None:
    """Return the unit itself or the nearest above it that is shown; None where there is none."""
    while pk is not None and pk in units and pk in hidden:
        pk = units[pk].parent_id
    return pk if pk in units else None
