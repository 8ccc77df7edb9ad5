"""What everyone sees: the list, the message itself, and confirming it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from announcements.actions import acknowledge as acknowledge_announcement
from announcements.actions import mark_delivered, mark_seen
from announcements.fragments import read_banners
from announcements.models import Announcement, AnnouncementText
from announcements.panel import read_panel
from announcements.reading import find_for_page, read_thread
from announcements.views.requests import person_of, readable
from announcements.wording import LANGUAGE_NAMES, article_html, minutes_to_read
from core.errors import RefusedError
from core.pagination import Cursor
from directory.models import Employee
from groups.audience_words import describe_audience
from groups.audiences import terms_of

PAGE = 20


@require_safe
@never_cache
def announcements(request: HttpRequest) -> HttpResponse:
    """Every message sent to the reader, newest first."""
    mine = readable(request).addressed_to(person_of(request)).order_by("-published_at", "-pk")
    found = mine.sent_before(Cursor.decode(request.GET.get("before")))[: PAGE + 1]
    rows = [(one, _text(one)) for one in found]
    last = rows[PAGE - 1][0] if len(rows) > PAGE else None
    cursor = Cursor(last.published_at, last.pk).encode() if last and last.published_at else ""
    return render(request, "announcements/list.html", {"rows": rows[:PAGE], "next_cursor": cursor})


@require_safe
@never_cache
def announcement(request: HttpRequest, public_id: str) -> HttpResponse:
    """One message. Opening it counts as delivered; it is seen when the page says it has been in view."""
    person = person_of(request)
    found = find_for_page(person, public_id)
    if found.is_mine and found.my_delivered_at is None:
        mark_delivered(employee=person, announcements=[found])
    view = read_thread(person, found, everything="all" in request.GET)
    context = _article(found, _text(found, request.GET.get("lang", "")), person)
    context |= {"view": view, "picture": next(iter(view.parts.pictures), None)}
    context["panel"] = read_panel(found) if found.may_keep and found.is_sent else None
    return render(request, "announcements/announcement.html", context)


@require_safe
@never_cache
def print_announcement(request: HttpRequest, public_id: str) -> HttpResponse:
    """The message on a sheet for the break-room wall."""
    found = get_object_or_404(readable(request).exclude(state="withdrawn"), public_id=public_id)
    context = _article(found, _text(found, request.GET.get("lang", "")), person_of(request))
    context["picture"] = found.thread.attachments.filter(kind="picture", comment=None).first()
    context["address"] = settings.SITE_ADDRESS + found.get_absolute_url()
    return render(request, "announcements/print.html", context)


@require_POST
def seen(request: HttpRequest, public_id: str) -> HttpResponse:
    """The message has been in view, or the person without scripts says so."""
    found = get_object_or_404(readable(request), public_id=public_id)
    mark_seen(employee=person_of(request), announcement=found)
    return HttpResponse(status=204) if "beacon" in request.POST else redirect(found)


@require_POST
def acknowledge(request: HttpRequest, public_id: str) -> HttpResponse:
    """«Jeg har lest dette»."""
    person = person_of(request)
    found = get_object_or_404(readable(request), public_id=public_id)
    revision = request.POST.get("revision", "")
    try:
        acknowledge_announcement(
            employee=person,
            announcement=found,
            revision=int(revision) if revision.isascii() and revision.isdigit() and len(revision) < 5 else None,
            language=request.POST.get("language", "")[:2],
        )
    except RefusedError as refusal:
        messages.error(request, str(refusal.message))
        return redirect(found)
    if not getattr(request, "htmx", False):
        return redirect(f"{found.get_absolute_url()}#confirm")
    found = readable(request).get(pk=found.pk)
    return render(request, "announcements/confirm.html", _article(found, _text(found), person))


@require_safe
@never_cache
def on_top(request: HttpRequest) -> HttpResponse:
    """The banners alone, for pages that have heard that something is new."""
    return render(request, "announcements/on_top.html", read_banners(request))


def _text(announcement: Announcement, wanted: str = "") -> AnnouncementText:
    return announcement.text_in(wanted or translation.get_language() or "nb")


def _article(announcement: Announcement, text: AnnouncementText, reader: Employee) -> dict[str, Any]:
    """What the article's template needs."""
    languages = [code for code in LANGUAGE_NAMES if code in announcement.current_texts]
    to = "" if announcement.to_everyone else describe_audience(terms_of(announcement.audience), reader)
    return {
        "announcement": announcement,
        "text": text,
        "html": article_html(text.body),
        "minutes": minutes_to_read(text.body),
        "languages": [(code, LANGUAGE_NAMES[code], code == text.language) for code in languages],
        "to": to,
    }
