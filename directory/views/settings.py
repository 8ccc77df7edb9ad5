from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.fragments import render_slot
from directory.actions import change_settings
from directory.forms import SettingsForm
from directory.models import Employee
from directory.views.safely import safe_address


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """Language, colours and text size, from this page or the small form in the menu; others add theirs below."""
    employee: Employee = request.user  # type: ignore[assignment]
    form = SettingsForm(request.POST or None, initial=_current(employee))
    if request.method == "POST" and form.is_valid():
        change_settings(actor=employee, **form.wanted())
        with translation.override(employee.language or translation.get_language()):
            messages.success(request, _("Saved."))
        return redirect(safe_address(request, request.POST.get("next")) or reverse("settings"))
    return render(request, "directory/settings.html", {"form": form, "main": render_slot("settings.main", request)})


def _current(employee: Employee) -> dict[str, object]:
    language = employee.language or translation.get_language()
    return {"language": language, "color_scheme": employee.color_scheme, "text_size": employee.text_size}
