"""What announcements show on other pages: the banners on top of the home page."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone, translation

from announcements.actions import mark_delivered
from announcements.articles import Article, read_article
from announcements.models import Announcement, AnnouncementText
from announcements.reading import find_on_top
from core.fragments import fragment
from directory.models import Employee, OrgUnit

SHOWN = 2
COUNTED = 20


@dataclass(frozen=True)
class Banner:
    """One announcement on top of the home page."""

    announcement: Announcement
    article: Article
    text: AnnouncementText

    @property
    def minutes(self) -> int:
        return self.article.minutes_of(self.text)


@fragment("home.top", order=10)
def banners(request: HttpRequest, **context: Any) -> str:
    """Draw what waits for the reader, with the script that keeps it fresh."""
    return render_to_string("announcements/banners.html", read_banners(request), request)


@fragment("unit.quiet_hours", order=10)
def urgent_ones(request: HttpRequest, *, unit: OrgUnit, **context: Any) -> str:
    """Draw how often quiet hours were passed for each unit of the branch in the last year."""
    since = timezone.now() - datetime.timedelta(days=365)
    counted = Announcement.objects.urgent_since(since).counted_by_unit(unit)
    return render_to_string("announcements/urgent_ones.html", {"counted": counted}, request)


def read_banners(request: HttpRequest) -> dict[str, Any]:
    """Return the newest that wait for the reader, at most two, and how many more there are."""
    assert isinstance(request.user, Employee)
    waiting = find_on_top(request.user, COUNTED)
    shown = waiting[:SHOWN]
    if any(one.my_delivered_at is None for one in shown):
        mark_delivered(employee=request.user, announcements=shown)
    return {"banners": [_banner(one) for one in shown], "more": len(waiting) - len(shown)}


def _banner(announcement: Announcement) -> Banner:
    article = read_article(announcement)
    return Banner(announcement, article, article.text_in(translation.get_language() or "nb"))
