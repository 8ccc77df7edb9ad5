from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from groups.actions import follow_group, set_muted, unfollow_group
from groups.views.finding import find_group, me


@require_POST
def follow(request: HttpRequest, public_id: str, slug: str) -> HttpResponse:
    """Let an open group's posts stand in one's feed without joining, or no longer."""
    group = find_group(request, public_id)
    if _asks_for(request, "unfollow"):
        unfollow_group(actor=me(request), group=group)
        undo = reverse("follow_group", args=[group.public_id, group.slug])
        text = _("You no longer follow %(group)s.")
        messages.success(request, text % {"group": group.name}, extra_tags=f"undo:{undo}")
    else:
        follow_group(actor=me(request), group=group)
        text = _("You follow %(group)s. New posts stand on your home page.")
        messages.success(request, text % {"group": group.name})
    return redirect(group)


@require_POST
def mute(request: HttpRequest, public_id: str, slug: str) -> HttpResponse:
    """Keep a group's posts out of one's home feed, or let them in again."""
    group = find_group(request, public_id)
    muted = not _asks_for(request, "unmute")
    set_muted(actor=me(request), group=group, muted=muted)
    text = _("Posts from %(group)s stay off your home page.") if muted else _("Posts from %(group)s are back.")
    undo = reverse("mute_group", args=[group.public_id, group.slug]) + ("?unmute=1" if muted else "")
    messages.success(request, text % {"group": group.name}, extra_tags=f"undo:{undo}")
    return redirect(group)


def _asks_for(request: HttpRequest, what: str) -> bool:
    """Whether the button pressed, or the address of «undo», says so."""
    return what in request.POST or what in request.GET
