"""What the person keeps: drafts, what waits, and what has been sent."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from announcements.figures import read_listed_figures
from announcements.models import Announcement
from announcements.querysets import AnnouncementQuerySet
from announcements.views.requests import person_of
from core.errors import require
from core.pagination import Cursor
from directory.models import Employee

PAGE = 20
WAITING_SHOWN = 10
State = Announcement.State
# The pills, by what they are called in the address.
SHOWN: dict[str, tuple[Any, list[str]]] = {
    "drafts": (gettext_lazy("Drafts"), [State.DRAFT]),
    "waiting": (gettext_lazy("Awaiting approval"), [State.AWAITING_APPROVAL]),
    "scheduled": (gettext_lazy("Scheduled"), [State.SCHEDULED]),
    "sent": (gettext_lazy("Sent"), [State.SENDING, State.PUBLISHED, State.WITHDRAWN]),
}


@require_safe
@never_cache
def manage_announcements(request: HttpRequest) -> HttpResponse:
    """What waits for the person first, then what the person keeps, newest first, with the figures of what is sent."""
    person = person_of(request)
    require(person.has_perm("announcements.write"))
    wanted = request.GET.get("show", "")
    cursor = Cursor.decode(request.GET.get("before"))
    kept = Announcement.objects.kept_by(person).with_sender().with_reach().listed_before(cursor)
    if wanted in SHOWN:
        kept = kept.filter(state__in=SHOWN[wanted][1])
    waiting = list(_waiting_for(person)) if cursor is None and wanted in ("", "waiting") else []
    context = {
        **_page(list(kept.exclude(pk__in=[one.pk for one in waiting])[: PAGE + 1])),
        "waiting": _rows(waiting),
        "pills": _pills(wanted),
        "shown": wanted if wanted in SHOWN else "",
    }
    return render(request, "announcements/manage.html", context)


def _waiting_for(person: Employee) -> AnnouncementQuerySet:
    found = Announcement.objects.waiting_for(person).with_sender()
    return found.order_by("publish_requested_at", "pk")[:WAITING_SHOWN]


def _rows(found: Any) -> list[tuple[Any, ...]]:
    language = translation.get_language() or "nb"
    return [(one, one.text_in(language)) for one in found]


def _page(found: list[Announcement]) -> dict[str, Any]:
    shown = found[:PAGE]
    figures = read_listed_figures(shown)
    last = shown[-1] if len(found) > PAGE else None
    return {
        "rows": [(one, text, figures.get(one.pk)) for one, text in _rows(shown)],
        "next_cursor": Cursor(last.listed_at, last.pk).encode() if last else "",
    }


def _pills(wanted: str) -> list[dict[str, Any]]:
    address = reverse("manage_announcements")
    pills = [{"name": pgettext("messages", "All"), "url": address, "active": wanted not in SHOWN}]
    return pills + [
        {"name": name, "url": f"{address}?show={key}", "active": key == wanted}
        for key, (name, _states) in SHOWN.items()
    ]
