"""The end of a group, and what its owners are asked once a year."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import RefusedError
from core.policies import allows
from groups.actions import (
    agree_to_takeover,
    archive_group,
    close_group,
    confirm_in_use,
    offer_to_take_over,
    reopen_group,
    take_back_offer,
    unarchive_group,
)
from groups.models import Group
from groups.views.finding import find_group, me, require_shown


@require_http_methods(["GET", "HEAD", "POST"])
def archive(request: HttpRequest, public_id: str, slug: str) -> HttpResponse:
    """Let the group be read only, after a question; or let members write again."""
    group = find_group(request, public_id)
    require_shown(group.may_manage)
    if request.method != "POST":
        return render(request, "groups/archive.html", {"group": group})
    if "reopen" in request.POST:
        unarchive_group(actor=me(request), group=group)
        messages.success(request, _("The group is open again."))
    else:
        archive_group(actor=me(request), group=group)
        messages.success(request, _("The group can now only be read."))
    return redirect(group)


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, public_id: str, slug: str) -> HttpResponse:
    """Take the group down, after a question; an owner can open it again for a while."""
    group = find_group(request, public_id)
    require_shown(group.may_manage)
    if request.method != "POST":
        return render(request, "groups/close.html", {"group": group})
    close_group(actor=me(request), group=group)
    undo = reverse("reopen_group", args=[group.public_id, group.slug])
    messages.success(request, _("%(group)s has been closed down.") % {"group": group.name}, extra_tags=f"undo:{undo}")
    return redirect("groups")


@require_POST
def reopen(request: HttpRequest, public_id: str, slug: str) -> HttpResponse:
    """Bring back a group that was closed lately."""
    if "\x00" in public_id:
        raise Http404
    group = get_object_or_404(Group.objects.reopenable_by(me(request)), public_id=public_id)
    reopen_group(actor=me(request), group=group)
    messages.success(request, _("The group is open again."))
    return redirect(group)


@require_POST
def take_over(request: HttpRequest, public_id: str, slug: str) -> HttpResponse:
    """Offer to look after a group without an owner, take that back, or agree to another's offer."""
    group = find_group(request, public_id)
    require_shown(allows(me(request), "groups.take_over", group))
    try:
        if "agree" in request.POST:
            owner = agree_to_takeover(actor=me(request), group=group).employee
            text = _("%(name)s is now the owner of the group.") % {"name": owner.display_name}
        elif "take_back" in request.POST:
            take_back_offer(actor=me(request), group=group)
            text = _("You no longer offer to look after the group.")
        else:
            offer_to_take_over(actor=me(request), group=group)
            text = _("You become the owner when one more member agrees.")
        messages.success(request, text)
    except RefusedError as refusal:
        messages.error(request, str(refusal.message))
    return redirect(group)


@require_POST
def confirm(request: HttpRequest, public_id: str, slug: str) -> HttpResponse:
    """Say that the group is still in use."""
    group = find_group(request, public_id)
    require_shown(group.may_manage)
    confirm_in_use(actor=me(request), group=group)
    messages.success(request, _("Thank you. We ask again in a year."))
    return redirect(group)
