from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from directory.models import Employee
from directory.phone_list import read_phone_list


@require_safe
def phone_list(request: HttpRequest) -> HttpResponse:
    """The colleagues of a unit with their numbers, to print and put on the wall."""
    viewer: Employee = request.user  # type: ignore[assignment]
    listed = read_phone_list(viewer, request.GET.get("unit", ""))
    response = render(request, "directory/phone_list.html", {"list": listed, "printed_at": timezone.now()})
    response.headers["Cache-Control"] = "private, no-store"
    return response
