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
from core.suppression import LEAST, RENEWED_BELOW
from core.templatetags.tunet import whole_percent

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


def read_figures(announcement: Announcement) -> Figures:
    """Return the totals as they may be shown now; as they were stored where nobody's reading is kept any more."""
    if announcement.figures_final_at:
        return _final(FigureSnapshot.objects.filter(announcement=announcement).first())
    live = announcement.receipts.counts_by_unit()
    active = sum(row["active"] for row in live)
    if active >= RENEWED_BELOW:
        return _totals(live)
    if active < LEAST:
        return _totals(live, with_use=False)
    kept = renew_snapshot(announcement, live)
    return _totals(kept.counts, as_of=kept.taken_at)


def read_listed_figures(announcements: Iterable[Announcement]) -> dict[int, Figures]:
    """Return the totals of many announcements, in two queries.

    A small audience shows what its snapshot holds, and nothing about use before someone has opened its page.
    """
    found = [one for one in announcements if one.is_sent]
    sent, final = [one.pk for one in found], [one.pk for one in found if one.figures_final_at]
    counts = Receipt.objects.filter(announcement__in=sent).counts_by_announcement()
    kept = FigureSnapshot.objects.filter(announcement__in=sent).in_bulk()
    listed = {pk: _listed(row, kept.get(pk)) for pk, row in counts.items()}
    return listed | {pk: _final(kept.get(pk)) for pk in final}


def _listed(row: Row, kept: FigureSnapshot | None) -> Figures:
    if row["active"] >= RENEWED_BELOW:
        return _totals([row])
    if row["active"] < LEAST or kept is None:
        return _totals([row], with_use=False)
    return _totals(kept.counts, as_of=kept.taken_at)


def _final(kept: FigureSnapshot | None) -> Figures:
    rows = kept.counts if kept else []
    with_use = sum(row["active"] for row in rows) >= LEAST
    return _totals(rows, with_use=with_use, as_of=kept.taken_at if kept else None)


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


def renew_snapshot(announcement: Announcement, live: list[dict[str, Any]]) -> FigureSnapshot:
    """Return the counts as they stood at most thirty minutes ago; stores `live` as new ones where they are older."""
    now = timezone.now()
    kept = FigureSnapshot.objects.filter(announcement=announcement).first()
    if kept is None or kept.taken_at < now - RENEWED_EVERY:
        kept, _ = FigureSnapshot.objects.update_or_create(
            announcement=announcement, defaults={"taken_at": now, "counts": live}
        )
    return kept
