"""What stands beside a sent announcement for those who keep it: the status, the way on, the units furthest behind."""

from __future__ import annotations

import datetime
import logging
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from announcements.actions.asking_leaders import next_follow_up_at
from announcements.actions.reminding import next_reminder_at
from announcements.figures import Figures, read_figures
from announcements.follow_ups import FollowUpCounts, may_be_followed_up, read_follow_up_counts
from announcements.models import Announcement, FollowUpRequest, Reminder
from announcements.unit_figures import UnitFigures, read_unit_figures
from notifications.models import FanOut

logger = logging.getLogger(__name__)

UNITS_SHOWN = 5


@dataclass(frozen=True)
class FollowUp:
    """How the leaders may be asked, where they may be asked at all."""

    counts: FollowUpCounts
    last: FollowUpRequest | None
    next_at: datetime.datetime | None


@dataclass(frozen=True)
class Panel:
    """The status of one announcement as its keepers see it."""

    figures: Figures
    units: list[UnitFigures]
    unit_count: int
    sending: FanOut | None
    last_reminder: Reminder | None
    next_reminder_at: datetime.datetime | None
    follow_up: FollowUp | None = None
    # When those left are reminded by itself, while that is still to come.
    automatic_reminder_at: datetime.datetime | None = None

    @property
    def sent_percent(self) -> int:
        """How far the sending has come, in whole per cents."""
        total = (self.sending.total_count or 0) if self.sending else 0
        return self.sending.done_count * 100 // total if self.sending and total else 0


def read_panel(announcement: Announcement, *, moving: bool = False) -> Panel:
    """Return the panel, in a constant number of queries; only the part that moves by itself when asked for that."""
    units = read_unit_figures(announcement)
    return Panel(
        figures=read_figures(announcement),
        units=[one for one in units if one.is_shown][:UNITS_SHOWN],
        unit_count=len(units),
        sending=find_sending(announcement),
        last_reminder=announcement.reminders.order_by("-sent_at").first(),
        next_reminder_at=next_reminder_at(announcement),
        follow_up=None if moving else read_follow_up(announcement),
        automatic_reminder_at=_automatic_reminder_at(announcement),
    )


def try_read_panel(announcement: Announcement) -> Panel | None:
    """Return the panel, or None where the numbers cannot be had just now: they never hide what they are about."""
    try:
        with transaction.atomic():
            return read_panel(announcement)
    except Exception:
        logger.exception("the figures of %s cannot be read", announcement)
        return None


def read_follow_up(announcement: Announcement) -> FollowUp | None:
    """Return how the leaders may be asked; None where they may not."""
    if not may_be_followed_up(announcement):
        return None
    return FollowUp(
        counts=read_follow_up_counts(announcement),
        last=announcement.follow_up_requests.order_by("-asked_at").first(),
        next_at=next_follow_up_at(announcement),
    )


def _automatic_reminder_at(announcement: Announcement) -> datetime.datetime | None:
    if not (announcement.reminds_after_hours and announcement.published_at and announcement.is_on_top):
        return None
    at = announcement.published_at + datetime.timedelta(hours=announcement.reminds_after_hours)
    return at if at > timezone.now() else None


def find_sending(announcement: Announcement) -> FanOut | None:
    """Return the fan-out that is telling people now, or None when it is done."""
    fan_outs = FanOut.objects.filter(job="announcements.deliver", key=str(announcement.pk))
    return fan_outs.exclude(state=FanOut.State.DONE).first()
