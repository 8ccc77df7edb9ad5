"""What is answered where no view answers: pages for people, problem documents for programs."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views import defaults
from django.views.csrf import csrf_failure

from core.problems import NOT_FROM_OUR_PAGES, UNREADABLE, plain_problem

API = "/api/"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer to what cannot be read, or is larger than anything we take."""
    if request.path.startswith(API):
        return plain_problem(400, "parse_error", str(UNREADABLE))
    return defaults.bad_request(request, exception)


def forgery(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer to what cannot be shown to come from our own pages.

    Only a person who went somewhere is answered by a page: it carries a token of its own, and handed to a script that
    asked in the background it would take the place of the one in the form the person is filling in.
    """
    if "text/html" in request.headers.get("accept", ""):
        return csrf_failure(request, reason)
    return plain_problem(403, "permission_denied", str(NOT_FROM_OUR_PAGES))


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
