"""How far an announcement has come, told so that nobody's own reading shows.

Counts come from the ledger in one statement, by unit. An audience below ten has no figures about use; one below
fifty, and any table that shows a unit below fifty, is renewed every thirty minutes from a stored snapshot.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.utils import timezone

from announcements.models import Announcement, FigureSnapshot, Receipt
from core.suppression import LEAST, RENEWED_BELOW, Branch, hidden_branches
from core.templatetags.tunet import whole_percent
from directory.models import OrgUnit

RENEWED_EVERY = datetime.timedelta(minutes=30)
NAMES = ("audience", "joined_later", "active", "delivered", "seen", "acknowledged")

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Figures:
    """The figures of one announcement. Those about use are None where the audience is too small to have any."""

    audience: int
    frozen: int
    joined_later: int
    left: int
    active: int
    delivered: int | None
    seen: int | None
    unseen: int | None
    acknowledged: int | None
    # When they were counted, where they are not counted anew for every reader.
    as_of: datetime.datetime | None = None

    @property
    def shown(self) -> bool:
        """Whether there are figures about use."""
        return self.seen is not None

    @property
    def seen_only(self) -> int:
        """Seen, not confirmed."""
        return (self.seen or 0) - (self.acknowledged or 0)

    @property
    def unacknowledged(self) -> int | None:
        """Not confirmed yet, seen or not."""
        return None if self.acknowledged is None else self.active - self.acknowledged

    @property
    def seen_percent(self) -> int:
        return whole_percent(self.seen or 0, self.active)

    @property
    def acknowledged_percent(self) -> int:
        return whole_percent(self.acknowledged or 0, self.active)

    @property
    def seen_only_percent(self) -> int:
        """The second part of the bar, so that both together are what has been seen."""
        return self.seen_percent - self.acknowledged_percent

    def as_dict(self) -> dict[str, int | None]:
        """Return the figures as the API names them."""
        values = asdict(self)
        values.pop("as_of")
        return values


@dataclass(frozen=True)
class UnitFigures:
    """One unit's figures, those of units below it included; `share` is None where they are not shown."""

    unit: OrgUnit
    active: int
    share: int | None
    acknowledged_share: int | None = None
    has_units_below: bool = False

    @property
    def is_almost_none(self) -> bool:
        return self.share == 0

    @property
    def is_almost_all(self) -> bool:
        return self.share == 100

    @property
    def seen_only_share(self) -> int:
        """Seen, not confirmed, in whole per cents."""
        return (self.share or 0) - (self.acknowledged_share or 0)


def read_figures(announcement: Announcement) -> Figures:
    """Return the totals as they may be shown now."""
    live = announcement.receipts.counts_by_unit()
    active = sum(row["active"] for row in live)
    if active >= RENEWED_BELOW:
        return _totals(live)
    if active < LEAST:
        return _totals(live, with_use=False)
    counts, taken_at = _snapshot(announcement, live)
    return _totals(counts, as_of=taken_at)


def read_listed_figures(announcements: Iterable[Announcement]) -> dict[int, Figures]:
    """Return the totals of many announcements, in two queries.

    A small audience shows what its snapshot holds, and nothing about use before someone has opened its page.
    """
    sent = [one.pk for one in announcements if one.is_sent]
    counts = Receipt.objects.filter(announcement__in=sent).counts_by_announcement()
    kept = FigureSnapshot.objects.filter(announcement__in=sent).in_bulk()
    return {pk: _listed(row, kept.get(pk)) for pk, row in counts.items()}


def _listed(row: Row, kept: FigureSnapshot | None) -> Figures:
    if row["active"] >= RENEWED_BELOW:
        return _totals([row])
    if row["active"] < LEAST or kept is None:
        return _totals([row], with_use=False)
    return _totals(kept.counts, as_of=kept.taken_at)


def read_unit_figures(announcement: Announcement, within: OrgUnit | None = None) -> list[UnitFigures]:
    """Return the figures of the units right below `within` (the whole unless given).

    Furthest behind first; units whose figures are hidden come last, by name.
    """
    live = announcement.receipts.counts_by_unit()
    if sum(row["active"] for row in live) < LEAST:
        return []
    units = {unit.pk: unit for unit in OrgUnit.objects.all()}
    found = _below(live, units, within)
    if any(one.active < RENEWED_BELOW and one.share is not None for one in found):
        found = _below(_snapshot(announcement, live)[0], units, within)
    return sorted(found, key=lambda one: (one.share is None, one.share or 0, one.unit.name))


def _totals(rows: Iterable[Row], *, with_use: bool = True, as_of: datetime.datetime | None = None) -> Figures:
    sums = {name: sum(row[name] for row in rows) for name in NAMES} if (rows := list(rows)) else dict.fromkeys(NAMES, 0)
    use = {name: sums[name] if with_use else None for name in ("delivered", "seen", "acknowledged")}
    return Figures(
        audience=sums["audience"],
        frozen=sums["audience"] - sums["joined_later"],
        joined_later=sums["joined_later"],
        left=sums["audience"] - sums["active"],
        active=sums["active"],
        unseen=sums["active"] - sums["seen"] if with_use else None,
        as_of=as_of,
        **use,
    )


def _snapshot(announcement: Announcement, live: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], datetime.datetime]:
    now = timezone.now()
    kept = FigureSnapshot.objects.filter(announcement=announcement).first()
    if kept is None or kept.taken_at < now - RENEWED_EVERY:
        kept, _ = FigureSnapshot.objects.update_or_create(
            announcement=announcement, defaults={"taken_at": now, "counts": live}
        )
    return kept.counts, kept.taken_at


def _below(rows: Iterable[Row], units: Mapping[int, OrgUnit], within: OrgUnit | None) -> list[UnitFigures]:
    sums = _summed(rows, units)
    hidden = hidden_branches(Branch(pk, units[pk].parent_id, counts["active"]) for pk, counts in sums.items())
    parents = {units[pk].parent_id for pk in sums}
    wanted = within.pk if within else _top(units)
    return [
        _unit_figures(units[pk], counts, hidden=pk in hidden, has_units_below=pk in parents)
        for pk, counts in sums.items()
        if units[pk].parent_id == wanted and counts["active"]
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
