from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import RefusedError
from groups.actions import (
    ask_to_join,
    join_group,
    leave_group,
    set_notification_level,
    take_back_request,
    undo_leaving,
)
from groups.models import Group, Membership, OptOut
from groups.views.finding import find_group, me

SALT = "groups.leaving"
UNDO_SECONDS = 600


@require_POST
def join(request: HttpRequest, public_id: str, slug: str) -> HttpResponse:
    """Join a group that lets anyone in."""
    group = find_group(request, public_id)
    join_group(actor=me(request), group=group)
    undo = reverse("leave_group", args=[group.public_id, group.slug])
    text = _("You are now in %(group)s.") % {"group": group.name}
    messages.success(request, text, extra_tags=f"undo:{undo}")
    return redirect(group.joined_url)


@require_POST
def leave(request: HttpRequest, public_id: str, slug: str) -> HttpResponse:
    """Leave a group; it can be undone for ten minutes."""
    group = find_group(request, public_id)
    try:
        former = leave_group(actor=me(request), group=group)
    except RefusedError as refusal:
        messages.error(request, str(refusal.message))
        return redirect(group)
    if former:
        undo = reverse("undo_leaving", args=[group.public_id, signing.dumps(_kept(former), salt=SALT)])
        text = _("You have left %(group)s.") % {"group": group.name}
        messages.success(request, text, extra_tags=f"undo:{undo}")
    return redirect(group if group.privacy == Group.Privacy.OPEN else "groups")


@require_POST
def undo(request: HttpRequest, public_id: str, token: str) -> HttpResponse:
    """Come back as one was, by the token that leaving gave."""
    try:
        kept = signing.loads(token, salt=SALT, max_age=UNDO_SECONDS)
    except signing.BadSignature as error:
        raise Http404 from error
    group = Group.objects.filter(public_id=public_id, pk=kept["group"]).first()
    if group is None or kept["employee"] != me(request).pk:
        raise Http404
    if undo_leaving(actor=me(request), group=group, former=_restored(kept), opt_out=kept["opt_out"]) is None:
        raise Http404
    messages.success(request, _("You are back in %(group)s.") % {"group": group.name})
    return redirect(group)


@require_POST
def ask(request: HttpRequest, public_id: str, slug: str) -> HttpResponse:
    """Ask to be let into a group, or take it back; either is the other's undo."""
    group = find_group(request, public_id)
    again = reverse("ask_to_join", args=[group.public_id, group.slug])
    if "take_back" in request.POST or "take_back" in request.GET:
        take_back_request(actor=me(request), group=group)
        messages.success(request, _("You no longer ask to join."), extra_tags=f"undo:{again}")
    else:
        ask_to_join(actor=me(request), group=group)
        text = _("The owners have been asked. We will tell you when they answer.")
        messages.success(request, text, extra_tags=f"undo:{again}?take_back=1")
    return redirect(group)


@require_POST
def choose_level(request: HttpRequest, public_id: str, slug: str) -> HttpResponse:
    """Choose how much to be told of."""
    group = find_group(request, public_id)
    try:
        set_notification_level(actor=me(request), group=group, level=request.POST.get("level", ""))
    except RefusedError as refusal:
        messages.error(request, str(refusal.message))
    else:
        level = Membership.NotificationLevel(request.POST["level"]).label
        messages.success(request, _("You are told of: %(level)s") % {"level": level})
    return redirect(group)


def _kept(former: Membership) -> dict[str, Any]:
    return {
        "group": former.group_id,
        "opt_out": OptOut.objects.values_list("pk", flat=True).get(group=former.group_id, employee=former.employee_id),
        "employee": former.employee_id,
        "role": former.role,
        "by_hand": former.by_hand,
        "reason": former.reason,
        "level": former.notification_level,
        "muted_at": former.muted_at.isoformat() if former.muted_at else "",
        "read_until": former.read_until.isoformat() if former.read_until else "",
        "reading_until": former.reading_until.isoformat() if former.reading_until else "",
    }


def _restored(kept: dict[str, Any]) -> Membership:
    return Membership(
        role=kept["role"],
        by_hand=kept["by_hand"],
        reason=kept["reason"],
        notification_level=kept["level"],
        muted_at=parse_datetime(kept["muted_at"]) if kept["muted_at"] else None,
        read_until=parse_datetime(kept["read_until"]) if kept["read_until"] else None,
        reading_until=parse_datetime(kept["reading_until"]) if kept.get("reading_until") else None,
    )
