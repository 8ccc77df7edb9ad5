"""Following up: figures, units, reminders, and the leader's own people."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from announcements.actions import next_reminder_at, open_team_list
from announcements.actions import remind as remind_people
from announcements.figures import read_figures, read_unit_figures
from announcements.models import Announcement, Reminder
from announcements.panel import read_panel
from announcements.views.requests import kept_announcement, person_of
from core.errors import RefusedError
from directory.models import OrgUnit


@require_safe
@never_cache
def figures(request: HttpRequest, public_id: str) -> HttpResponse:
    """The figures: for htmx the panel alone, else a page of its own."""
    sent = kept_announcement(request, public_id)
    context = {"announcement": sent, "text": _text(sent), "panel": read_panel(sent)}
    part = getattr(request, "htmx", False)
    return render(request, "announcements/panel.html" if part else "announcements/figures.html", context)


@require_safe
@never_cache
def units(request: HttpRequest, public_id: str) -> HttpResponse:
    """Every unit below the whole, or below the one asked for."""
    sent = kept_announcement(request, public_id)
    wanted = request.GET.get("unit", "")
    within = get_object_or_404(OrgUnit, public_id=wanted) if wanted else None
    found = read_unit_figures(sent, within)
    context = {"announcement": sent, "text": _text(sent), "within": within, "units": found}
    context["shown"] = [row for row in found if row.share is not None]
    context["hidden"] = [row for row in found if row.share is None]
    if within:
        context["above"] = OrgUnit.objects.above(within).exclude(parent=None)
    return render(request, "announcements/units.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def remind(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show exactly what is sent to how many, then send it."""
    sent = kept_announcement(request, public_id)
    to = request.POST.get("to") or request.GET.get("to") or Reminder.To.UNSEEN
    to = to if to in Reminder.To.values else Reminder.To.UNSEEN
    if request.method == "POST":
        try:
            remind_people(actor=person_of(request), announcement=sent, to=to)
            messages.success(request, _("The reminder is sent. The next can be sent in 24 hours."))
        except RefusedError as refusal:
            messages.error(request, str(refusal.message))
        return redirect(sent)
    counted = read_figures(sent)
    context = {
        "announcement": sent,
        "text": _text(sent),
        "to": to,
        "count": counted.unseen if to == Reminder.To.UNSEEN else counted.unacknowledged,
        "next_reminder_at": next_reminder_at(sent),
    }
    return render(request, "announcements/remind.html", context)


@require_safe
@never_cache
def my_team(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who among the leader's own people has not confirmed; opening it is logged for each of them."""
    leader = person_of(request)
    mine = Announcement.objects.for_follow_up_by(leader).with_sender().with_reach()
    sent = get_object_or_404(mine, public_id=public_id)
    try:
        missing, refusal = open_team_list(leader=leader, announcement=sent), None
    except RefusedError as error:
        missing, refusal = [], error
    context = {"announcement": sent, "text": _text(sent), "missing": missing, "refusal": refusal}
    return render(request, "announcements/my_team.html", context | {"opened_at": timezone.now()})


def _text(announcement: Announcement) -> object:
    return announcement.text_in(translation.get_language() or "nb")
