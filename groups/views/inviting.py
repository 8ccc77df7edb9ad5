from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from directory.models import Employee
from groups.actions import answer_invitation, invite_to_group, take_back_invitation, undo_decline
from groups.views.finding import find_group, me, require_shown


@require_POST
def invite(request: HttpRequest, public_id: str, slug: str, person_id: str) -> HttpResponse:
    """Ask a colleague to come in, or take that back; either is the other's undo."""
    group = find_group(request, public_id)
    require_shown(group.may_invite)
    person = get_object_or_404(Employee.objects.active().visible_to(me(request)), public_id=person_id)
    name = {"name": person.display_name}
    again = reverse("invite_member", args=[group.public_id, group.slug, person.public_id])
    if "take_back" in request.POST or "take_back" in request.GET:
        take_back_invitation(actor=me(request), group=group, employee=person)
        messages.success(request, _("%(name)s is no longer invited.") % name, extra_tags=f"undo:{again}")
    elif invite_to_group(actor=me(request), group=group, employee=person):
        text = _("%(name)s has been invited.") % name
        messages.success(request, text, extra_tags=f"undo:{again}?take_back=1")
    else:
        messages.info(request, _("%(name)s has been asked before or is a member.") % name)
    return redirect(reverse("group_members", args=[group.public_id, group.slug]))


@require_POST
def answer(request: HttpRequest, public_id: str, slug: str) -> HttpResponse:
    """Say yes or no to an invitation, or undo a no."""
    if "undo" in request.GET:
        return _undo(request, public_id)
    group = find_group(request, public_id)
    accepts = "accept" in request.POST
    membership = answer_invitation(actor=me(request), group=group, accept=accepts)
    if membership is not None:
        messages.success(request, _("You are now in %(group)s.") % {"group": group.name})
        return redirect(group.joined_url)
    if accepts:
        raise Http404
    undo = f"{reverse('answer_group_invitation', args=[group.public_id, group.slug])}?undo=1"
    messages.success(request, _("You said no to the invitation."), extra_tags=f"undo:{undo}")
    return redirect("groups")


def _undo(request: HttpRequest, public_id: str) -> HttpResponse:
    # A hidden group is not to be found once one has said no, so it is looked for by the answer.
    group = undo_decline(actor=me(request), group_id=public_id.replace("\x00", ""))
    if group is None:
        raise Http404
    return redirect(group)
