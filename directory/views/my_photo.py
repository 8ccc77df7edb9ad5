from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import RefusedError
from directory.actions import remove_photo, restore_photo, store_photo
from directory.forms import PhotoForm, add_refusal
from directory.models import Employee
from directory.my_page import read_my_page
from directory.views.me import my_page
from directory.views.safely import safe_address


@require_http_methods(["GET", "HEAD", "POST"])
def my_photo(request: HttpRequest) -> HttpResponse:
    """Take a new portrait, or take it away; either can be taken back for a while."""
    employee: Employee = request.user  # type: ignore[assignment]
    if "remove" in request.POST:
        remove_photo(actor=employee, employee=employee)
        return _changed(request, _("Your picture is gone."))
    form = PhotoForm(request.POST, request.FILES) if request.method == "POST" else PhotoForm()
    if form.is_bound and _is_stored(employee, form):
        return _changed(request, _("The picture looks good. Colleagues see it now."))
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "directory/me_photo.html", {"form": form, "swapped": True})
    page = read_my_page(employee)
    page.photo_form = form
    return my_page(request, page)


@require_POST
def undo_my_photo(request: HttpRequest) -> HttpResponse:
    """Take back the last change of the portrait."""
    employee: Employee = request.user  # type: ignore[assignment]
    try:
        restore_photo(actor=employee, employee=employee)
    except RefusedError as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("Your picture is as it was."))
    return redirect("me")


def _is_stored(employee: Employee, form: PhotoForm) -> bool:
    if not form.is_valid():
        return False
    try:
        store_photo(actor=employee, employee=employee, file=form.cleaned_data["picture"])
    except RefusedError as refusal:
        add_refusal(form, refusal)
    return not form.errors


def _changed(request: HttpRequest, text: str) -> HttpResponse:
    messages.success(request, text, extra_tags=f"undo:{reverse('undo_my_photo')}")
    return redirect(safe_address(request, request.GET.get("next")) or reverse("me"))
