"""What announcements show on other pages: cards on top of the home page, and a band on top of every page."""

from __future__ import annotations

import datetime
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from announcements.bands import banner_of, draw_band, find_waiting, note_delivered
from announcements.models import Announcement
from core.fragments import fragment
from directory.models import Employee, OrgUnit

SHOWN = 2


@fragment("home.top", order=10)
def banners(request: HttpRequest, **context: Any) -> str:
    """Draw what waits for the reader."""
    return render_to_string("announcements/on_top.html", read_banners(request), request)


@fragment("unit.quiet_hours", order=10)
def urgent_ones(request: HttpRequest, *, unit: OrgUnit, **context: Any) -> str:
    """Draw how often quiet hours were passed for each unit of the branch in the last year."""
    since = timezone.now() - datetime.timedelta(days=365)
    counted = Announcement.objects.urgent_since(since).counted_by_unit(unit)
    return render_to_string("announcements/urgent_ones.html", {"counted": counted}, request)


@fragment("page.band", order=10)
def critical_band(request: HttpRequest, **context: Any) -> str:
    """Draw the band of a page about a critical message."""
    return draw_band(request, at=request.path)


def read_banners(request: HttpRequest) -> dict[str, Any]:
    """Return the first that wait for the reader, at most two, and how many more there are."""
    assert isinstance(request.user, Employee)
    waiting = find_waiting(request)
    shown = waiting[:SHOWN]
    note_delivered(request.user, shown)
    return {"banners": [banner_of(one) for one in shown], "more": len(waiting) - len(shown)}
