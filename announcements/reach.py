"""Whom a draft, or a reminder, would reach today, and by which roads. Small audiences have no figures about use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from announcements.figures import read_figures
from announcements.models import Announcement, Reminder
from core.suppression import RENEWED_BELOW
from core.templatetags.tunet import whole_percent
from directory.models import Employee
from groups.audiences import compile_terms
from groups.models import AudienceTerm
from notifications.channels import email
from notifications.models import Delivery
from notifications.routing import Event, reached


@dataclass(frozen=True)
class Reach:
    """How many an audience holds today, how many are here already, and how many get an e-mail."""

    count: int
    by_email: int | None
    # None where the audience is too small to tell who has signed in.
    here: int | None
    not_here_by_email: int | None

    @property
    def not_here(self) -> int | None:
        """Those who have never signed in: told by e-mail, or by a sheet on the wall."""
        return None if self.here is None else self.count - self.here

    @property
    def here_percent(self) -> int:
        """Those who have signed in, in whole per cents."""
        return whole_percent(self.here or 0, self.count)

    @property
    def on_paper_only(self) -> int | None:
        """Those who have never signed in and get no e-mail either."""
        return None if self.not_here is None else self.not_here - (self.not_here_by_email or 0)


@dataclass(frozen=True)
class Roads:
    """How many a reminder goes to, and how many of those by e-mail; None where that is not told."""

    count: int | None
    by_email: int | None
    sends_email: bool


def read_reach(terms: Iterable[AudienceTerm]) -> Reach:
    """Return the reach of these terms, counted in one statement."""
    here, by_email = Q(first_signed_in_at__isnull=False), Q(email__isnull=False)
    by_email &= Q(pk__in=_reached_by_email("announcement"))
    people = compile_terms(terms)
    counts = people.aggregate(
        count=Count("pk"),
        here=Count("pk", filter=here),
        by_email=Count("pk", filter=by_email),
        not_here_by_email=Count("pk", filter=by_email & ~here),
    )
    told, sends = counts["count"] >= RENEWED_BELOW, email.is_on()
    return Reach(
        count=counts["count"],
        by_email=counts["by_email"] if sends else None,
        here=counts["here"] if told else None,
        not_here_by_email=counts["not_here_by_email"] if told and sends else None,
    )


def read_roads(announcement: Announcement, to: str) -> Roads:
    """Return how a reminder to those left would reach them. Where figures do not move at once, only by which roads."""
    figures, sends = read_figures(announcement), email.is_on()
    count = figures.unseen if to == Reminder.To.UNSEEN else figures.unacknowledged
    if count is None or not sends or figures.as_of:
        return Roads(count, None, sends)
    waiting = announcement.receipts.waiting(to).filter(employee__email__isnull=False)
    told = waiting.filter(employee__in=_reached_by_email("announcement_reminder"))
    return Roads(count, told.count(), sends)


def _reached_by_email(kind: str) -> Any:
    return reached(Employee.objects.all(), Event(kind, ""), Delivery.Channel.EMAIL).values("pk")
