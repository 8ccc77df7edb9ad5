"""What everyone sees: the list, the message itself, and confirming it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from announcements import bands
from announcements.actions import acknowledge as acknowledge_announcement
from announcements.actions import mark_delivered, mark_seen
from announcements.articles import read_article
from announcements.bands import draw_band
from announcements.fragments import read_banners
from announcements.models import Announcement
from announcements.panel import try_read_panel
from announcements.reading import find_for_reader, leads_here, read_answers, read_chain, read_countersigning
from announcements.views.requests import person_of, readable
from announcements.wording import LANGUAGE_NAMES
from core.errors import RefusedError
from core.fragments import render_slot
from core.pagination import Cursor
from core.qr import qr_code
from directory.views.safely import safe_address
from groups.audience_words import describe_audience
from groups.audiences import terms_of
from notifications.choices.on_the_spot import Telling, ask_why
from notifications.kinds import kinds

PAGE = 20
HOME = "/"
# Addresses that lead to the answers below the message: these are drawn with it.
WITH_ANSWERS = {"answers", "all", "comment", "reply"}


@require_safe
@never_cache
def announcements(request: HttpRequest) -> HttpResponse:
    """Every message sent to the reader, newest first."""
    mine = readable(request).addressed_to(person_of(request)).order_by("-published_at", "-pk")
    found = mine.sent_before(Cursor.decode(request.GET.get("before")))[: PAGE + 1]
    language = translation.get_language() or "nb"
    rows = [(one, one.text_in(language)) for one in found]
    last = rows[PAGE - 1][0] if len(rows) > PAGE else None
    cursor = Cursor(last.published_at, last.pk).encode() if last and last.published_at else ""
    return render(request, "announcements/list.html", {"rows": rows[:PAGE], "next_cursor": cursor})


@require_safe
@never_cache
def announcement(request: HttpRequest, public_id: str) -> HttpResponse:
    """One message. Opening it counts as delivered; it is seen when the page says it has been in view."""
    person = person_of(request)
    found = find_for_reader(person, public_id)
    if found.is_mine and found.my_delivered_at is None:
        mark_delivered(employee=person, announcements=[found])
    context = _article(request, found)
    context["panel"] = try_read_panel(found) if found.may_keep and found.is_sent else None
    if request.GET.keys() & WITH_ANSWERS:
        context |= _answers(request, found)
    context["chain"] = read_chain(person, found)
    context["countersigning"] = read_countersigning(person, found)
    for place in ("main", "side"):
        context[place] = render_slot(f"announcement.{place}", request, announcement=found)
    return render(request, "announcements/announcement.html", context)


@require_safe
@never_cache
def answers(request: HttpRequest, public_id: str) -> HttpResponse:
    """What stands below the message, fetched when the reader comes that far: the leader's way on, and the answers."""
    found = find_for_reader(person_of(request), public_id)
    if found.state == Announcement.State.WITHDRAWN:
        raise Http404
    if not getattr(request, "htmx", False):
        return redirect(f"{found.get_absolute_url()}?answers=1#answers")
    return render(request, "announcements/answers.html", {"announcement": found} | _answers(request, found))


def _answers(request: HttpRequest, found: Announcement) -> dict[str, Any]:
    person = person_of(request)
    lit, reply_to = request.GET.get("comment", ""), request.GET.get("reply", "")
    return {
        "view": read_answers(person, found, everything="all" in request.GET, wanted=lit or reply_to),
        "leads_here": found.asks_confirmation and leads_here(person, found),
        "lit": lit,
        "reply_to": reply_to,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def why(request: HttpRequest, public_id: str) -> HttpResponse:
    """Why one got the message, and on which roads one can do without others like it."""
    person = person_of(request)
    found = find_for_reader(person, public_id)
    if not found.is_mine:
        raise Http404
    audience = describe_audience(terms_of(found.audience), person)
    reason = _("you are among those it was sent to: «%(audience)s»") % {"audience": audience}
    address = reverse("why_announcement", args=[public_id])
    return ask_why(request, person, Telling(kinds.get("announcement"), address, reason))


@require_safe
@never_cache
def print_announcement(request: HttpRequest, public_id: str) -> HttpResponse:
    """The message on a sheet for the break-room wall."""
    found = find_for_reader(person_of(request), public_id)
    if found.state not in (Announcement.State.SENDING, Announcement.State.PUBLISHED):
        raise Http404
    address = settings.SITE_ADDRESS + found.get_absolute_url()
    context = _article(request, found) | {"address": address, "code": qr_code(address), "printed_at": timezone.now()}
    return render(request, "announcements/print.html", context)


@require_POST
def seen(request: HttpRequest, public_id: str) -> HttpResponse:
    """The message has been in view, or the person without scripts says so."""
    if _kept_by_another(request):
        return HttpResponse(status=403)
    found = find_for_reader(person_of(request), public_id)
    mark_seen(employee=person_of(request), announcement=found)
    return HttpResponse(status=204) if "beacon" in request.POST else redirect(found)


@require_POST
def acknowledge(request: HttpRequest, public_id: str) -> HttpResponse:
    """«Jeg har lest dette», said now or kept on the device until the network was back."""
    if _kept_by_another(request):
        return HttpResponse(status=403)
    person = person_of(request)
    found = find_for_reader(person, public_id)
    revision = request.POST.get("revision", "")
    try:
        acknowledge_announcement(
            employee=person,
            announcement=found,
            revision=int(revision) if revision.isascii() and revision.isdigit() and len(revision) < 5 else None,
            language=request.POST.get("language", "")[:2],
        )
    except RefusedError as refusal:
        if "kept" in request.POST:
            return JsonResponse({"detail": str(refusal.message)}, status=409)
        messages.error(request, str(refusal.message))
        if getattr(request, "htmx", False):
            # Not the button alone: the whole page has become another one.
            return HttpResponse(headers={"HX-Redirect": found.get_absolute_url()})
        return redirect(found)
    if "kept" in request.POST:
        return HttpResponse(status=204)
    if not getattr(request, "htmx", False):
        return redirect(f"{found.get_absolute_url()}#confirm")
    context = _article(request, find_for_reader(person, public_id)) | {"swapped": True}
    return render(request, "announcements/confirm.html", context)


def _kept_by_another(request: HttpRequest) -> bool:
    """Whether this was kept on the device for somebody else than the one who is signed in now."""
    return "kept" in request.POST and request.POST.get("person") != person_of(request).public_id


@require_safe
@never_cache
def on_top(request: HttpRequest) -> HttpResponse:
    """What stands on top, for pages that have heard that something is new: the band, and on the home page the cards.

    `at` is the path of the page that asks.
    """
    at = request.GET.get("at", HOME)
    band = draw_band(request, at=at, fresh=True)
    if at != HOME:
        return HttpResponse(band)
    return render(request, "announcements/on_top.html", read_banners(request) | {"band": band})


@require_POST
def close_band(request: HttpRequest, public_id: str) -> HttpResponse:
    """The band is put away: the message waits under Notifications and on the home page as before."""
    bands.close_band(request, find_for_reader(person_of(request), public_id))
    if "beacon" in request.POST:
        return HttpResponse(status=204)
    return redirect(safe_address(request, request.POST.get("at")) or HOME)


def _article(request: HttpRequest, announcement: Announcement) -> dict[str, Any]:
    """What the message's templates need."""
    article = read_article(announcement)
    text = article.text_in(request.GET.get("lang") or translation.get_language() or "nb")
    terms = [] if article.to_everyone else terms_of(announcement.audience)
    return {
        "announcement": announcement,
        "text": text,
        "html": article.html_of(text),
        "minutes": article.minutes_of(text),
        "languages": [
            (code, LANGUAGE_NAMES[code], code == text.language) for code in LANGUAGE_NAMES if code in article.texts
        ],
        "to": describe_audience(terms, person_of(request)) if terms else "",
        "to_everyone": article.to_everyone,
        "picture": article.picture,
    }
