"""Why one was told, and less of it, where one stands: for every line of the inbox, whichever app keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core.errors import RefusedError
from directory.models import Employee
from notifications.choices.actions import choose_kind, set_place_level
from notifications.choices.reading import roads_of
from notifications.kinds import NotificationKind
from notifications.models import PlaceLevel


@dataclass(frozen=True)
class Telling:
    """One thing a person was told, and what may be done about it."""

    kind: NotificationKind[Any]
    # Where it is asked about, and answered.
    address: str
    # Goes on from «You get this because».
    why: str | Promise
    # The conversation it belongs to, which can be muted.
    place: str = ""
    # Where it is marked as read without opening it.
    read_address: str = ""


def ask_why(request: HttpRequest, reader: Employee, telling: Telling) -> HttpResponse:
    """Show why `reader` was told and what there can be less of; or do, or take back, one of those things."""
    if request.method == "POST":
        less = request.POST.get("less", request.GET.get("less", ""))
        return _answer(request, reader, telling, less, is_undone="undo" in request.GET)
    context = {"telling": telling, "roads": roads_of(reader, telling.kind)}
    return render(request, "notifications/why.html", context)


def _answer(request: HttpRequest, reader: Employee, telling: Telling, less: str, *, is_undone: bool) -> HttpResponse:
    try:
        said = _choose(reader, telling, less, is_undone=is_undone)
    except RefusedError as error:
        messages.error(request, error.message)
        return redirect("notifications")
    if is_undone:
        messages.success(request, _("It is as before."))
    else:
        messages.success(request, said, extra_tags=f"undo:{telling.address}?undo&less={less}")
    return redirect("notifications")


def _choose(reader: Employee, telling: Telling, less: str, *, is_undone: bool) -> str:
    if less and less == telling.place:
        level = PlaceLevel.Level.MINE if is_undone else PlaceLevel.Level.NOTHING
        set_place_level(actor=reader, place=telling.place, level=level)
        return _("You hear no more from this conversation on your devices or by e-mail.")
    choose_kind(actor=reader, kind=telling.kind.key, channel=less, wanted=is_undone)
    return _("You get less of this from now.")
