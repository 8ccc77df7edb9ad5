"""What is answered where no view answers: pages for people, problem documents for programs."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views import defaults
from django.views.csrf import csrf_failure

from core.errors import RefusedError
from core.problems import NOT_FROM_OUR_PAGES, UNREADABLE, plain_problem
from core.sizes import in_megabytes

API = "/api/"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer to what cannot be read, or is larger or more than anything we take."""
    if isinstance(exception, RequestDataTooBig):
        return too_large(request, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    if isinstance(exception, TooManyFilesSent):
        text = _("At most %(count)d files can be sent at once. Nothing has been stored.")
        return _refuse(request, 400, "too-many-files", text % {"count": settings.DATA_UPLOAD_MAX_NUMBER_FILES})
    if isinstance(exception, TooManyFieldsSent):
        text = _("At most %(count)d fields can be sent at once. Nothing has been stored.")
        return _refuse(request, 400, "too-many-fields", text % {"count": settings.DATA_UPLOAD_MAX_NUMBER_FIELDS})
    if request.path.startswith(API) or isinstance(exception, MultiPartParserError):
        return _refuse(request, 400, "parse_error", str(UNREADABLE))
    return defaults.bad_request(request, exception)


def too_large(request: HttpRequest, bound: int) -> HttpResponse:
    """Answer to a request that brings more than `bound` bytes."""
    text = _("At most %(size)d MB can be sent at once. Nothing has been stored. Send less, or smaller files.")
    return _refuse(request, 413, "too-large", text % {"size": in_megabytes(bound)})


def length_unknown(request: HttpRequest) -> HttpResponse:
    """Answer to a body that does not say how long it is: it could be of any length."""
    return _refuse(request, 411, "length-required", _("Say how long it is: send Content-Length."))


def _refuse(request: HttpRequest, code: int, slug: str, text: str) -> HttpResponse:
    """Answer a program with a problem, a script with the bare sentence (the page stays), and a person with a page."""
    if request.path.startswith(API):
        return plain_problem(code, slug, text)
    if "HX-Request" in request.headers or "text/html" not in request.headers.get("accept", "text/html"):
        return HttpResponse(text, status=code, content_type="text/plain; charset=utf-8")
    title = _("We did not understand that") if code == 400 else _("That was too much at once")
    return render(request, "refused.html", {"title": title, "text": text}, status=code)


class RefusalMiddleware:
    """Tells in words what an action would not do, where the view has no place of its own for them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer 400 with the refusal. The API has an answer of its own."""
        if not isinstance(exception, RefusedError):
            return None
        return _refuse(request, 400, exception.code, str(exception.message))


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
