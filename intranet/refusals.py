"""What is answered where no view answers: pages for people, problem documents for programs."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views import defaults

from core.problems import UNREADABLE, plain_problem

API = "/api/"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer to what cannot be read, or is larger than anything we take."""
    if request.path.startswith(API):
        return plain_problem(400, "parse_error", str(UNREADABLE))
    return defaults.bad_request(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer for an address that is not there."""
    if request.path.startswith(API):
        return plain_problem(404, "not-found", _("Not found."))
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer when something broke."""
    if request.path.startswith(API):
        return plain_problem(500, "error", _("Something went wrong."))
    return defaults.server_error(request)
