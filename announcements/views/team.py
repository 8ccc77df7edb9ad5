"""The leader's own list: who of the own people has not confirmed, on the screen and on paper."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from announcements.actions.team import follow_up_otherwise, open_team_list, undo_other_follow_up
from announcements.models import Announcement
from announcements.views.requests import person_of
from core.errors import RefusedError
from directory.nearest_leaders import own_people


@require_safe
@never_cache
def my_team(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who among the leader's own people has not confirmed; opening it is logged for each of them."""
    return render(request, "announcements/my_team.html", _list(request, public_id))


@require_safe
@never_cache
def print_my_team(request: HttpRequest, public_id: str) -> HttpResponse:
    """The same on a dated sheet, with room for notes; logged as printed."""
    return render(request, "announcements/my_team_print.html", _list(request, public_id, to_print=True))


@require_POST
def follow_up_person(request: HttpRequest, public_id: str, person_id: str) -> HttpResponse:
    """Say that this one is followed up in another way, or take that back."""
    leader = person_of(request)
    sent = _mine(request, public_id)
    person = get_object_or_404(own_people(leader), public_id=person_id)
    act = undo_other_follow_up if "undo" in request.POST else follow_up_otherwise
    try:
        act(leader=leader, announcement=sent, employee=person)
    except RefusedError as refusal:
        messages.error(request, str(refusal.message))
    return redirect("announcement_team", public_id)


def _mine(request: HttpRequest, public_id: str) -> Announcement:
    mine = Announcement.objects.for_follow_up_by(person_of(request)).with_sender().with_reach()
    return get_object_or_404(mine, public_id=public_id)


def _list(request: HttpRequest, public_id: str, *, to_print: bool = False) -> dict[str, Any]:
    sent = _mine(request, public_id)
    context: dict[str, Any] = {"announcement": sent, "text": sent.text_in(translation.get_language() or "nb")}
    context["opened_at"] = timezone.now()
    try:
        listed = open_team_list(leader=person_of(request), announcement=sent, to_print=to_print)
    except RefusedError as refusal:
        return context | {"refusal": refusal}
    context["missing"] = [receipt for receipt in listed if not receipt.is_followed_up]
    context["followed_up"] = [receipt for receipt in listed if receipt.is_followed_up]
    return context
