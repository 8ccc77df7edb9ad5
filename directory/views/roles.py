"""Roles given and taken, for those who administer."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.clock import local_today
from core.errors import RefusedError, require
from directory.actions import grant_role, take_back_role
from directory.models import Employee, Role, RoleGrant
from directory.querysets import RoleGrantQuerySet
from directory.role_forms import GiveRoleForm
from directory.role_listing import RoleFilters, read_role_page
from directory.views.safely import safe_address


@require_safe
@never_cache
def manage_roles(request: HttpRequest) -> HttpResponse:
    """Who has which role in the branches the administrator looks after."""
    page = read_role_page(_giver(request), RoleFilters.read(request.GET.dict()))
    return render(request, "directory/manage_roles.html", {"page": page, "roles": Role.choices})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def give_role(request: HttpRequest) -> HttpResponse:
    """Give a role: whom and where are found by search, and nothing typed is lost on the way."""
    giver = _giver(request)
    sent = request.method == "POST"
    form = GiveRoleForm(request.POST if sent else request.GET, giver=giver, sent=sent)
    if sent and not form.is_editing and form.is_complete() and (grant := _give(giver, form)):
        messages.success(request, _given_words(grant), extra_tags=f"undo:{_take_back_url(grant)}")
        return redirect(safe_address(request, request.POST.get("next")) or "manage_roles")
    context = {"form": form, "next": safe_address(request, (request.POST or request.GET).get("next"))}
    status = 422 if sent and not form.is_editing else 200
    return render(request, "directory/give_role.html", context, status=status)


def _give(giver: Employee, form: GiveRoleForm) -> RoleGrant | None:
    assert form.person
    facts = form.form.cleaned_data
    try:
        return grant_role(actor=giver, employee=form.person, unit=form.unit, **facts)
    except RefusedError as refusal:
        form.refuse(refusal)
    except PermissionDenied:
        # The role is one the person gives, but not there.
        form.errors["unit"] = _("You give roles only in the units you look after. Choose one of them.")
    return None


@require_POST
def take_back(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a role back at once; it can be given again by one press."""
    giver = _giver(request)
    grant = get_object_or_404(_grants(giver), public_id=public_id)
    try:
        take_back_role(actor=giver, grant=grant)
    except RefusedError as refusal:
        messages.error(request, str(refusal.message))
    else:
        text = _("%(name)s is no longer %(role)s.") % _named(grant)
        own = grant.employee_id == giver.pk
        undo = "" if own else f"undo:{reverse('give_role_again', args=[grant.public_id])}"
        messages.success(request, text, extra_tags=undo)
        if own:
            return redirect("me_visible")
    return _back(request)


@require_POST
def give_again(request: HttpRequest, public_id: str) -> HttpResponse:
    """Undo a taking back: give the same anew."""
    giver = _giver(request)
    grant = get_object_or_404(_grants(giver).exclude(taken_back_at=None), public_id=public_id)
    start = max(grant.start_date, local_today())
    try:
        facts = {"role": grant.role, "unit": grant.unit, "end_date": grant.end_date}
        grant_role(actor=giver, employee=grant.employee, start_date=start, **facts)  # type: ignore[arg-type]
    except RefusedError as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _given_words(grant))
    return _back(request)


def _giver(request: HttpRequest) -> Employee:
    giver: Employee = request.user  # type: ignore[assignment]
    require(giver.has_perm("directory.grant_roles"))
    return giver


def _grants(giver: Employee) -> RoleGrantQuerySet:
    return RoleGrant.objects.visible_to(giver).select_related("employee", "unit")


def _back(request: HttpRequest) -> HttpResponse:
    return redirect(safe_address(request, request.POST.get("next")) or "manage_roles")


def _take_back_url(grant: RoleGrant) -> str:
    return reverse("take_back_role", args=[grant.public_id])


def _given_words(grant: RoleGrant) -> str:
    return _("%(name)s is now %(role)s.") % _named(grant)


def _named(grant: RoleGrant) -> dict[str, str]:
    label = str(Role(grant.role).label)
    return {"name": grant.employee.display_name, "role": label if label.isupper() else label.lower()}
