"""What those who keep an announcement see beside it: the figures, the sending, the units furthest behind."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from announcements.actions import next_reminder_at
from announcements.figures import Figures, UnitFigures, read_figures, read_unit_figures
from announcements.models import Announcement, Reminder
from notifications.models import FanOut

UNITS_SHOWN = 5


@dataclass(frozen=True)
class Panel:
    """The status of one announcement as its keepers see it."""

    figures: Figures
    units: list[UnitFigures]
    unit_count: int
    sending: FanOut | None
    last_reminder: Reminder | None
    next_reminder_at: datetime.datetime | None

    @property
    def sent_percent(self) -> int:
        """How far the sending has come, in whole per cents."""
        total = (self.sending.total_count or 0) if self.sending else 0
        return self.sending.done_count * 100 // total if self.sending and total else 0


def read_panel(announcement: Announcement) -> Panel:
    """Return the panel, in a constant number of queries."""
    units = read_unit_figures(announcement)
    return Panel(
        figures=read_figures(announcement),
        units=[one for one in units if one.share is not None][:UNITS_SHOWN],
        unit_count=len(units),
        sending=find_sending(announcement),
        last_reminder=announcement.reminders.order_by("-sent_at").first(),
        next_reminder_at=next_reminder_at(announcement),
    )


def find_sending(announcement: Announcement) -> FanOut | None:
    """Return the fan-out that is telling people now, or None when it is done."""
    fan_outs = FanOut.objects.filter(job="announcements.deliver", key=str(announcement.pk))
    return fan_outs.exclude(state=FanOut.State.DONE).first()
