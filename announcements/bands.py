"""The band at the top of the window: a critical message on every page, until it is read or closed."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils import timezone, translation

from announcements.actions import mark_delivered
from announcements.articles import Article, read_article
from announcements.models import Announcement, AnnouncementText
from announcements.reading import find_on_top
from directory.models import Employee

COUNTED = 20
# What is not critical shows on a page that stood open when it came, not on those that are opened later.
FRESH = datetime.timedelta(minutes=15)
CLOSED = "bands_closed"
MOST_CLOSED = 20


@dataclass(frozen=True)
class Banner:
    """One announcement as it stands on top of a page."""

    announcement: Announcement
    article: Article
    text: AnnouncementText

    @property
    def minutes(self) -> int:
        return self.article.minutes_of(self.text)


def banner_of(announcement: Announcement) -> Banner:
    """Return it with the wording in the reader's language."""
    article = read_article(announcement)
    return Banner(announcement, article, article.text_in(translation.get_language() or "nb"))


def find_waiting(request: HttpRequest) -> list[Announcement]:
    """Return what waits on top for the reader, the critical ones first; asked for once a request."""
    assert isinstance(request.user, Employee)
    if not hasattr(request, "on_top"):
        request.on_top = find_on_top(request.user, COUNTED)  # type: ignore[attr-defined]
    known: list[Announcement] = request.on_top  # type: ignore[attr-defined]
    return known


def draw_band(request: HttpRequest, *, at: str, fresh: bool = False) -> str:
    """Draw the first critical message the reader has not opened, for the page at the path `at`; "" without one.

    With `fresh` also another important one that has just come. The message's own page has no band about it.
    """
    assert isinstance(request.user, Employee)
    closed = request.session.get(CLOSED, [])
    for one in find_waiting(request):
        away = one.my_seen_at is not None or one.public_id in closed or at == one.get_absolute_url()
        if not away and (one.is_critical or (fresh and _is_fresh(one))):
            note_delivered(request.user, [one])
            # Drawn before the page's frame is known, so without the request.
            context = {"banner": banner_of(one), "at": at, "csrf_token": get_token(request)}
            return render_to_string("announcements/band.html", context)
    return ""


def close_band(request: HttpRequest, announcement: Announcement) -> None:
    """Keep the band about it away for as long as the person is signed in on this device."""
    closed = [one for one in request.session.get(CLOSED, []) if one != announcement.public_id]
    request.session[CLOSED] = [*closed, announcement.public_id][-MOST_CLOSED:]


def note_delivered(reader: Employee, shown: list[Announcement]) -> None:
    """Note that a page showed these, where that was not known."""
    if any(one.my_delivered_at is None for one in shown):
        mark_delivered(employee=reader, announcements=shown)


def _is_fresh(announcement: Announcement) -> bool:
    at = announcement.published_at
    return at is not None and at > timezone.now() - FRESH
