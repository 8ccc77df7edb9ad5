"""The figures as a table that leaves the screen: the same figures, hidden by the same rule, and never a name."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from announcements.figures import Figures, read_figures
from announcements.models import Announcement
from announcements.unit_figures import UnitFigures, walk_unit_figures
from core.clock import local_today
from core.spreadsheets import Row
from core.times import told_in_full

KINDS = ("csv", "xlsx")


def export_name(announcement: Announcement) -> str:
    """Return the file's name: what it is about and the day it was taken, in letters every system takes."""
    title = slugify(announcement.text_in(get_language() or "nb").title)[:40].strip("-")
    return "-".join(part for part in (slugify(_("figures")), title, local_today().isoformat()) if part)


def export_rows(announcement: Announcement) -> Iterator[Row]:
    """Yield the rows of the file: the units down the tree, then the totals."""
    asked = announcement.asks_confirmation
    yield [_("Unit"), _("Level"), _("Belongs to"), _("Employees"), _("Have seen it"), *([_("Have confirmed")] * asked)]
    names: dict[int, str] = {}
    for row in walk_unit_figures(announcement):
        names[row.unit.pk] = row.unit.name
        yield _unit_row(row, names.get(row.unit.parent_id or 0, ""), asked=asked)
    yield []
    figures = read_figures(announcement)
    for told, count in _totals(figures, asked=asked):
        yield [told, "", "", _("not shown") if count is None else count]
    counted = figures.as_of or timezone.now()
    yield [_("Counted"), "", "", told_in_full(counted)]
    yield [announcement.text_in(get_language() or "nb").title]


def _unit_row(row: UnitFigures, above: str, *, asked: bool) -> Row:
    where = [row.unit.name, str(row.unit.get_kind_display()), above]
    if not row.is_shown:
        return [*where, "", _("not shown"), *([_("not shown")] * asked)]
    return [*where, row.active, row.told_share, *([row.told_acknowledged_share] * asked)]


def _totals(figures: Figures, *, asked: bool) -> Iterator[tuple[str, int | None]]:
    yield _("Got it when it was sent"), figures.frozen
    yield _("Joined after it was sent"), figures.joined_later
    yield _("Have left and are not counted"), figures.left
    yield _("Employees"), figures.active
    yield _("It has come to"), figures.delivered
    yield _("Have seen it"), figures.seen
    yield _("Have not seen it yet"), figures.unseen
    if asked:
        yield _("Have confirmed"), figures.acknowledged
        yield _("Have not confirmed yet"), figures.unacknowledged
