"""The inbox."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.clock import moment_in
from directory.models import Employee
from notifications.actions import mark_all_read, mark_read
from notifications.catching_up import catch_up
from notifications.inbox import Edge, count_kept_elsewhere, count_unread, find_address, load_inbox
from notifications.models import Notification


def reader_of(request: HttpRequest) -> Employee:
    """Return who reads; every view here is for people who have signed in."""
    assert isinstance(request.user, Employee)
    return request.user


@require_safe
@never_cache
def notifications(request: HttpRequest) -> HttpResponse:
    """The person's notifications, the unread first; htmx gets the lines alone."""
    drawn_at = timezone.now()
    lines, next_edge = load_inbox(reader_of(request), after=_edge(request.GET))
    next_url = f"?{urlencode(_query(next_edge))}" if next_edge else ""
    fragment = getattr(request, "htmx", False) and "before" in request.GET
    template = "notifications/lines.html" if fragment else "notifications/inbox.html"
    return render(request, template, {"lines": lines, "next_url": next_url, "drawn_at": drawn_at})


def _query(edge: Edge) -> dict[str, str]:
    return {"before": edge.at.isoformat(), "key": edge.key} | ({} if edge.is_read else {"unread": "1"})


def _edge(query: QueryDict) -> Edge | None:
    moment, key = moment_in(query.get("before", "")), query.get("key", "")
    return Edge("unread" not in query, moment, key) if moment and key.isascii() and key.isprintable() else None


@require_safe
@never_cache
def open_notification(request: HttpRequest, public_id: str) -> HttpResponse:
    """Mark the entry read and go to the exact thing it is about."""
    reader = reader_of(request)
    notification = get_object_or_404(Notification.objects.visible_to(reader), public_id=public_id)
    address = find_address(reader, notification)
    mark_read(reader=reader, notification=notification)
    if address is None:
        messages.info(request, _("What this was about is no longer there, or no longer yours to see."))
        return redirect("notifications")
    return redirect(address)


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything read that was there when the page was drawn."""
    reader = reader_of(request)
    mark_all_read(reader=reader, until=moment_in(request.POST.get("until", "")))
    if count_kept_elsewhere(reader):
        messages.info(request, _("Important messages count as read when you have opened them."))
    return redirect("notifications")


@require_safe
@never_cache
def counters(request: HttpRequest) -> JsonResponse:
    """What a page asks for after it has been away: the numbers on its badges."""
    return JsonResponse({"unread": count_unread(reader_of(request))})


@require_safe
@never_cache
def missed(request: HttpRequest) -> JsonResponse:
    """What the open pages of a browser missed while its stream was away."""
    threads = request.GET.getlist("thread")
    return JsonResponse(catch_up(reader_of(request), after=request.GET.get("after", ""), threads=threads))
