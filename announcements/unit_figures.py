"""How far an announcement has come in each unit, down the tree. One suppression for screen, API and files.

Every table of units right below one unit is either live or, where it shows a unit below fifty, from the snapshot that
is renewed every thirty minutes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from announcements.figures import NAMES, renew_snapshot
from announcements.models import Announcement, FigureSnapshot
from announcements.wording import told_share
from core.suppression import LEAST, RENEWED_BELOW, Branch, hidden_branches
from directory.models import OrgUnit

Row = Mapping[str, Any]


@dataclass(frozen=True)
class UnitFigures:
    """One unit's figures, those of units below it included; `share` is None where they are not shown."""

    unit: OrgUnit
    active: int
    share: int | None
    acknowledged_share: int | None = None
    has_units_below: bool = False

    @property
    def is_shown(self) -> bool:
        return self.share is not None

    @property
    def told_share(self) -> str:
        """How many have seen it, in words: «66 %», «nesten ingen», «nesten alle»; "" where it is not shown."""
        return told_share(self.share)

    @property
    def told_acknowledged_share(self) -> str:
        """How many have confirmed, in the same words."""
        return told_share(self.acknowledged_share)

    @property
    def seen_only_share(self) -> int:
        """Seen, not confirmed, in whole per cents."""
        return (self.share or 0) - (self.acknowledged_share or 0)


def read_unit_figures(announcement: Announcement, within: OrgUnit | None = None) -> list[UnitFigures]:
    """Return the figures of the units right below `within` (the whole unless given).

    Furthest behind first: by who has confirmed where that was asked for. Units whose figures are hidden come last, by
    name.
    """
    return _Tables(announcement).below(within.pk if within else None)


def walk_unit_figures(announcement: Announcement) -> Iterator[UnitFigures]:
    """Yield every unit's figures, each followed by those below it, exactly as the tables on the screen show them."""
    tables = _Tables(announcement)
    todo = [tables.below(None)]
    while todo:
        if not todo[-1]:
            todo.pop()
            continue
        row = todo[-1].pop(0)
        yield row
        if row.has_units_below:
            todo.append(tables.below(row.unit.pk))


class _Counted:
    """One reading of the ledger, added up the tree, and what of it must be hidden."""

    def __init__(self, rows: Iterable[Row], units: Mapping[int, OrgUnit]) -> None:
        self.sums = _summed(rows, units)
        self.hidden = hidden_branches(
            Branch(pk, units[pk].parent_id, counts["active"]) for pk, counts in self.sums.items()
        )
        self.parents = {units[pk].parent_id for pk in self.sums}


class _Tables:
    """The tables of one announcement, read once."""

    def __init__(self, announcement: Announcement) -> None:
        self._announcement = announcement
        self._units: dict[int, OrgUnit] = {unit.pk: unit for unit in OrgUnit.objects.all()}

    @cached_property
    def _rows(self) -> list[dict[str, Any]]:
        if self._announcement.figures_final_at:
            kept = FigureSnapshot.objects.filter(announcement=self._announcement).first()
            return list(kept.counts) if kept else []
        return self._announcement.receipts.counts_by_unit()

    @cached_property
    def _live(self) -> _Counted:
        return _Counted(self._rows, self._units)

    @cached_property
    def _kept(self) -> _Counted:
        if self._announcement.figures_final_at:
            return self._live
        return _Counted(renew_snapshot(self._announcement, self._rows).counts, self._units)

    def below(self, parent: int | None) -> list[UnitFigures]:
        """Return the table below one unit, furthest behind first; empty for an audience too small to have any."""
        if sum(row["active"] for row in self._rows) < LEAST:
            return []
        wanted = parent if parent is not None else _top(self._units)
        found = self._table(self._live, wanted)
        if any(one.is_shown and one.active < RENEWED_BELOW for one in found):
            found = self._table(self._kept, wanted)
        return sorted(found, key=self._rank)

    def _rank(self, one: UnitFigures) -> tuple[bool, int, int, str]:
        asked = self._announcement.asks_confirmation
        first = one.acknowledged_share if asked else one.share
        return not one.is_shown, first or 0, one.share or 0, one.unit.name

    def _table(self, counted: _Counted, parent: int | None) -> list[UnitFigures]:
        return [
            _unit_figures(self._units[pk], counts, hidden=pk in counted.hidden, has_units_below=pk in counted.parents)
            for pk, counts in counted.sums.items()
            if self._units[pk].parent_id == parent and counts["active"]
        ]


def _top(units: Mapping[int, OrgUnit]) -> int | None:
    """The organisation itself: where agencies hang. None when there is none, or several."""
    roots = [pk for pk, unit in units.items() if unit.parent_id is None]
    return roots[0] if len(roots) == 1 else None


def _summed(rows: Iterable[Row], units: Mapping[int, OrgUnit]) -> dict[int, dict[str, int]]:
    """Add every unit's counts to the units above it."""
    sums: dict[int, dict[str, int]] = {}
    for row in rows:
        unit = units.get(row["unit_id"])
        for pk in unit.ancestor_ids() if unit else ():
            counts = sums.setdefault(pk, dict.fromkeys(NAMES, 0))
            for name in NAMES:
                counts[name] += row[name]
    return sums


def _unit_figures(unit: OrgUnit, counts: Mapping[str, int], *, hidden: bool, has_units_below: bool) -> UnitFigures:
    active = counts["active"]
    if hidden:
        return UnitFigures(unit, active, None)
    shares = [counts[name] * 100 // active for name in ("seen", "acknowledged")]
    return UnitFigures(unit, active, shares[0], shares[1], has_units_below)
