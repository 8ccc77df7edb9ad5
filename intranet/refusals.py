"""What is answered where no view answers: pages for people, problem documents for programs."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views import defaults

from core.problems import CONTENT_TYPE

API = "/api/"


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer for an address that is not there."""
    if request.path.startswith(API):
        return _problem(404, "not-found", _("Not found."))
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer when something broke."""
    if request.path.startswith(API):
        return _problem(500, "error", _("Something went wrong."))
    return defaults.server_error(request)


def _problem(status: int, slug: str, title: str) -> HttpResponse:
    body = {"type": f"/problems/{slug}", "title": title, "status": status}
    return JsonResponse(body, status=status, content_type=CONTENT_TYPE)
