from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import RefusedError, require
from directory.forms import add_refusal
from directory.models import Employee
from groups.actions import (
    add_members,
    answer_request,
    change_group,
    create_group,
    remove_member,
    set_role,
)
from groups.forms import GroupForm
from groups.models import MembershipRequest
from groups.views.finding import find_group, me, require_shown
from groups.views.lists import find_similar


@require_http_methods(["GET", "HEAD", "POST"])
def new_group(request: HttpRequest) -> HttpResponse:
    """Start a group; groups with a name like it are shown first."""
    require(me(request).has_perm("groups.create"))
    form = GroupForm(request.POST or None, employee=me(request))
    similar = []
    if request.method == "POST" and form.is_valid():
        similar = find_similar(request, form.cleaned_data["name"])
        if not similar or "anyway" in request.POST:
            try:
                return redirect(create_group(actor=me(request), facts=form.facts()))
            except RefusedError as refusal:
                add_refusal(form, refusal)
                similar = []
    return render(request, "groups/new.html", {"form": form, "similar": similar}, status=_status(form, similar))


@require_http_methods(["GET", "HEAD", "POST"])
def group_settings(request: HttpRequest, public_id: str, slug: str) -> HttpResponse:
    """Change what the group is called, is for, looks like, and who may see it."""
    group = find_group(request, public_id)
    require_shown(group.may_manage)
    form = GroupForm(request.POST or None, employee=me(request), group=group)
    if request.method == "POST" and form.is_valid():
        try:
            change_group(actor=me(request), group=group, facts=form.facts())
        except RefusedError as refusal:
            add_refusal(form, refusal)
            group.refresh_from_db()
        else:
            messages.success(request, _("The group has been changed."))
            return redirect("group_about", group.public_id, group.slug)
    return render(request, "groups/settings.html", {"form": form, "group": group}, status=_status(form))


@require_POST
def answer(request: HttpRequest, public_id: str, slug: str, person_id: str) -> HttpResponse:
    """Let the one who asks in, or not."""
    group = find_group(request, public_id)
    require_shown(group.may_moderate)
    waiting = MembershipRequest.objects.unanswered().filter(group=group, employee__public_id=person_id)
    asked = get_object_or_404(waiting.select_related("group", "employee"))
    answer_request(actor=me(request), request=asked, accept="accept" in request.POST)
    name = asked.employee.display_name
    told = _("%(name)s is now a member.") if "accept" in request.POST else _("%(name)s was told no.")
    messages.success(request, told % {"name": name})
    return _to_members(group)


@require_POST
def add_member(request: HttpRequest, public_id: str, slug: str, person_id: str) -> HttpResponse:
    """Put a colleague into the group."""
    group = find_group(request, public_id)
    require_shown(group.may_add)
    person = get_object_or_404(Employee.objects.active().visible_to(me(request)), public_id=person_id)
    add_members(actor=me(request), group=group, employees=[person])
    messages.success(request, _("%(name)s is now a member.") % {"name": person.display_name})
    return _to_members(group)


@require_POST
def change_member(request: HttpRequest, public_id: str, slug: str, person_id: str) -> HttpResponse:
    """Give a member another role, or take the member out."""
    group = find_group(request, public_id)
    require_shown(group.may_moderate)
    person = get_object_or_404(Employee.objects.filter(memberships__group=group), public_id=person_id)
    try:
        if "remove" in request.POST:
            remove_member(actor=me(request), group=group, employee=person)
            messages.success(request, _("%(name)s is no longer a member.") % {"name": person.display_name})
        else:
            set_role(actor=me(request), group=group, employee=person, role=request.POST.get("role", ""))
            messages.success(request, _("%(name)s has another role now.") % {"name": person.display_name})
    except RefusedError as refusal:
        messages.error(request, str(refusal.message))
    except PermissionDenied:
        messages.error(request, _("Only an owner can do this."))
    return _to_members(group)


def _to_members(group: Any) -> HttpResponse:
    if not group.may_moderate:
        return redirect(group)
    return redirect(reverse("group_members", args=[group.public_id, group.slug]))


def _status(form: GroupForm, similar: Any = ()) -> int:
    return 422 if form.errors or similar else 200
