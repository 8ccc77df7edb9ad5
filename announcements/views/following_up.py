"""Following up, by those who keep the message: figures, units, files, reminders, asking the leaders."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from announcements.actions.asking_leaders import ask_leaders_to_follow_up, next_follow_up_at
from announcements.actions.reminding import next_reminder_at, pause_between, require_out
from announcements.actions.reminding import remind as remind_people
from announcements.exports import KINDS, export_name, export_rows
from announcements.follow_ups import may_be_followed_up, read_follow_up_counts
from announcements.models import Announcement, Reminder
from announcements.panel import read_panel
from announcements.reach import read_roads
from announcements.reminder_preview import preview_reminder
from announcements.unit_figures import read_unit_figures
from announcements.views.requests import kept_announcement, person_of
from core.errors import RefusedError
from core.spreadsheets import spreadsheet_response
from directory.models import OrgUnit


@require_safe
@never_cache
def figures(request: HttpRequest, public_id: str) -> HttpResponse:
    """The figures on a page of their own; for a page that is being looked at, only what moves by itself."""
    sent = kept_announcement(request, public_id)
    moving = bool(getattr(request, "htmx", False))
    context = _of(sent) | {"panel": read_panel(sent, moving=moving)}
    return render(request, "announcements/moving_figures.html" if moving else "announcements/figures.html", context)


@require_safe
@never_cache
def units(request: HttpRequest, public_id: str) -> HttpResponse:
    """Every unit below the whole, or below the one asked for."""
    sent = kept_announcement(request, public_id)
    wanted = request.GET.get("unit", "")
    within = get_object_or_404(OrgUnit, public_id=wanted) if wanted else None
    found = read_unit_figures(sent, within)
    context = _of(sent) | {"within": within, "units": found}
    context["shown"] = [row for row in found if row.is_shown]
    context["hidden"] = [row for row in found if not row.is_shown]
    if within:
        context["above"] = OrgUnit.objects.above(within).exclude(parent=None)
    return render(request, "announcements/units.html", context)


@require_safe
@never_cache
def export(request: HttpRequest, public_id: str, kind: str) -> HttpResponseBase:
    """The figures as a file for a spreadsheet: what the screens show, and no more."""
    sent = kept_announcement(request, public_id)
    if kind not in KINDS or not sent.is_sent:
        raise Http404
    # Read at once, so that a file is right or not there at all; there is one row per unit.
    return spreadsheet_response(list(export_rows(sent)), name=export_name(sent), kind=kind)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def remind(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show exactly what is sent, by which roads and to how many, then send it."""
    sent = kept_announcement(request, public_id)
    to = request.POST.get("to") or request.GET.get("to") or Reminder.To.UNSEEN
    to = to if to in Reminder.To.values else Reminder.To.UNSEEN
    if request.method == "POST":
        try:
            remind_people(actor=person_of(request), announcement=sent, to=to)
            messages.success(request, _("The reminder is sent. %(next)s") % {"next": _next_possible(sent)})
        except RefusedError as refusal:
            messages.error(request, str(refusal.message))
        return redirect(sent)
    try:
        require_out(sent)
    except RefusedError as refusal:
        messages.error(request, str(refusal.message))
        return redirect(sent)
    context = _of(sent) | {"to": to, "roads": read_roads(sent, to), "preview": preview_reminder(sent, to)}
    context |= {"next_reminder_at": next_reminder_at(sent), "pause": _hours(sent)}
    return render(request, "announcements/remind.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def ask_leaders(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say how many leaders have someone left, then ask them."""
    sent = kept_announcement(request, public_id)
    if request.method == "POST":
        try:
            ask_leaders_to_follow_up(actor=person_of(request), announcement=sent)
            messages.success(request, _("The leaders have been asked. %(next)s") % {"next": _next_possible(sent)})
        except RefusedError as refusal:
            messages.error(request, str(refusal.message))
        return redirect(sent)
    if not may_be_followed_up(sent):
        messages.error(request, _("Leaders can only follow up messages that ask for confirmation and still hold."))
        return redirect(sent)
    context = _of(sent) | {"counts": read_follow_up_counts(sent), "next_at": next_follow_up_at(sent)}
    return render(request, "announcements/ask_leaders.html", context | {"pause": _hours(sent)})


def _hours(announcement: Announcement) -> int:
    return int(pause_between(announcement).total_seconds() // 3600)


def _next_possible(announcement: Announcement) -> str:
    hours = _hours(announcement)
    text = ngettext("Next possible in %(count)d hour.", "Next possible in %(count)d hours.", hours)
    return text % {"count": hours}


def _of(announcement: Announcement) -> dict[str, Any]:
    return {"announcement": announcement, "text": announcement.text_in(translation.get_language() or "nb")}
