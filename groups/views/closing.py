"""The end of a group, and what its owners are asked once a year."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from groups.actions import archive_group, close_group, confirm_in_use, reopen_group, unarchive_group
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
def confirm(request: HttpRequest, public_id: str, slug: str) -> HttpResponse:
    """Say that the group is still in use."""
    group = find_group(request, public_id)
    require_shown(group.may_manage)
    confirm_in_use(actor=me(request), group=group)
    messages.success(request, _("Thank you. We ask again in a year."))
    return redirect(group)
