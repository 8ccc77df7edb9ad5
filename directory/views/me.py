from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import RefusedError
from core.qr import qr_code
from directory.actions import change_profile, end_absence, hide_profile_hint, set_absence
from directory.forms import AbsenceForm, ProfileForm, add_refusal
from directory.models import Employee
from directory.my_page import MyPage, Part, my_parts, read_my_page
from directory.views.safely import safe_address


@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """What is one's own to write, in parts that open for editing; what HR owns stands locked, with the reason."""
    return my_page(request, read_my_page(_me(request)))


def my_page(request: HttpRequest, page: MyPage) -> HttpResponse:
    """Return the page, with whatever of it stands open."""
    back = safe_address(request, request.GET.get("next"))
    return render(request, "directory/me.html", {"page": page, "next": back})


@require_http_methods(["GET", "HEAD", "POST"])
def my_part(request: HttpRequest, name: str) -> HttpResponse:
    """One part of the page, open for editing: by itself for htmx, else with the rest of the page around it."""
    employee = _me(request)
    part = _part_named(employee, name)
    part.form = _form_of(employee, name, request.POST if request.method == "POST" else None)
    if request.method == "POST" and _is_saved(employee, part, request):
        return _saved(request, employee, name)
    if request.method != "POST" and "shown" in request.GET:
        part.form = None
    if request.htmx:  # type: ignore[attr-defined]
        return _only(request, {"part": part})
    page = read_my_page(employee)
    page.parts = [part if each.name == name else each for each in page.parts]
    return my_page(request, page)


def _me(request: HttpRequest) -> Employee:
    assert isinstance(request.user, Employee)
    return request.user


def _part_named(employee: Employee, name: str) -> Part:
    for part in my_parts(employee):
        if part.name == name:
            return part
    raise Http404


def _form_of(employee: Employee, name: str, sent: Any) -> Any:
    return (
        AbsenceForm(sent, employee=employee) if name == "absence" else ProfileForm(sent, employee=employee, part=name)
    )


def _is_saved(employee: Employee, part: Part, request: HttpRequest) -> bool:
    """Store what was sent; what cannot be taken stands at its field."""
    if part.name == "absence" and "end" in request.POST:
        end_absence(actor=employee, employee=employee)
        return True
    if not part.form.is_valid():
        return False
    save = set_absence if part.name == "absence" else change_profile
    try:
        save(actor=employee, employee=employee, **part.form.cleaned_data)
    except RefusedError as refusal:
        add_refusal(part.form, refusal)
    return not part.form.errors


def _saved(request: HttpRequest, employee: Employee, name: str) -> HttpResponse:
    if not request.htmx:  # type: ignore[attr-defined]
        messages.success(request, _("Your page has been updated."))
        return redirect(f"{reverse('me')}#part-{name}")
    return _only(request, {"part": _part_named(employee, name), "text": _("Your page has been updated.")})


def _only(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    answer = render(request, "directory/me_part.html", context | {"swapped": True})
    patch_vary_headers(answer, ["HX-Request"])
    return answer


@require_safe
def find_stand_in(request: HttpRequest) -> HttpResponse:
    """Colleagues whose name fits what has been typed, to choose one of."""
    form = AbsenceForm(employee=_me(request))
    form.find(request.GET.get("stand_in_name", "")[:120])
    return render(request, "directory/stand_ins.html", {"form": form, "searched": True})


@require_POST
def my_hint(request: HttpRequest) -> HttpResponse:
    """Decline the invitation to fill in one's page, or, with `show`, take that back."""
    hide_profile_hint(actor=_me(request), hidden="show" not in request.GET)
    if "show" not in request.GET:
        undo = f"{reverse('my_hint')}?show=1"
        messages.success(request, _("We will not remind you again."), extra_tags=f"undo:{undo}")
    return redirect("me")


@require_safe
def my_code(request: HttpRequest) -> HttpResponse:
    """A code that leads to one's page, on the screen and on paper; a person with a protected address has none."""
    employee = _me(request)
    if employee.protected:
        raise Http404
    address = request.build_absolute_uri(employee.get_absolute_url())
    return render(request, "directory/my_code.html", {"code": qr_code(address), "address": address})
