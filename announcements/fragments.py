"""What announcements show on other pages: the banners on top of the home page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import translation

from announcements.actions import mark_delivered
from announcements.models import Announcement, AnnouncementText
from announcements.wording import minutes_to_read
from core.fragments import fragment
from directory.models import Employee

SHOWN = 2
COUNTED = 20


@dataclass(frozen=True)
class Banner:
    """One announcement on top of the home page."""

    announcement: Announcement
    text: AnnouncementText

    @property
    def minutes(self) -> int:
        return minutes_to_read(self.text.body)


@fragment("home.top", order=10)
def banners(request: HttpRequest, **context: Any) -> str:
    """Draw what waits for the reader, with the script that keeps it fresh."""
    return render_to_string("announcements/banners.html", read_banners(request), request)


def read_banners(request: HttpRequest) -> dict[str, Any]:
    """Return the newest that wait for the reader, at most two, and how many more there are."""
    assert isinstance(request.user, Employee)
    on_top = Announcement.objects.on_top_for(request.user).with_reach().with_receipt_of(request.user)
    waiting = list(on_top.with_sender()[:COUNTED])
    shown = waiting[:SHOWN]
    if any(one.my_delivered_at is None for one in shown):
        mark_delivered(employee=request.user, announcements=shown)
    language = translation.get_language() or "nb"
    return {
        "banners": [Banner(one, one.text_in(language)) for one in shown],
        "more": len(waiting) - len(shown),
    }
