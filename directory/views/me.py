from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import RefusedError
from directory.actions import change_profile, remove_photo, store_photo
from directory.audit_words import words_for
from directory.forms import PhotoForm, ProfileForm, add_refusal
from directory.models import AuditEvent, Employee

EVENTS_SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
def me(request: HttpRequest) -> HttpResponse:
    """Edit what is one's own to write; what HR owns stands locked, with the reason."""
    employee: Employee = request.user  # type: ignore[assignment]
    form = ProfileForm(request.POST or None, employee=employee)
    if request.method == "POST" and form.is_valid():
        try:
            change_profile(actor=employee, employee=employee, **form.cleaned_data)
        except RefusedError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Your page has been updated."))
            return redirect("person", employee.public_id)
    return _edit_page(request, employee, form, PhotoForm())


@require_POST
def my_photo(request: HttpRequest) -> HttpResponse:
    """Take a new portrait, or take it away."""
    employee: Employee = request.user  # type: ignore[assignment]
    if "remove" in request.POST:
        remove_photo(actor=employee, employee=employee)
        messages.success(request, _("Your picture is gone."))
        return redirect("me")
    form = PhotoForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            store_photo(actor=employee, employee=employee, file=form.cleaned_data["picture"])
        except RefusedError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("The picture looks good. Colleagues see it now."))
            return redirect("me")
    return _edit_page(request, employee, ProfileForm(employee=employee), form)


def _edit_page(request: HttpRequest, employee: Employee, form: ProfileForm, photo_form: PhotoForm) -> HttpResponse:
    jobs = employee.employments.current().primary_first().select_related("unit__agency", "workplace", "manager")
    context = {"form": form, "photo_form": photo_form, "jobs": list(jobs)}
    return render(request, "directory/me.html", context)


@require_safe
def me_visible(request: HttpRequest) -> HttpResponse:
    """«See what the employer can see about me»: the rules in plain words, and what has been logged about oneself."""
    employee: Employee = request.user  # type: ignore[assignment]
    events = AuditEvent.objects.filter(subject=employee).select_related("actor").order_by("-at", "-pk")
    told = [(event, words_for(event.verb)) for event in events[:EVENTS_SHOWN]]
    job = employee.primary_employment
    leader = job.manager if job else None
    return render(request, "directory/me_visible.html", {"events": told, "leader": leader})
