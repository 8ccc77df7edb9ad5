"""What no view should have to think of."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse

# Where people type: there nothing is found, which is answer enough. SCIM's `filter` says itself what is wrong.
FREE_TEXT = {"q", "search", "text", "filter"}


class RefuseNulMiddleware:
    """Answers 404 to addresses with U+0000, which PostgreSQL cannot store and so nothing can be called."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        named = [request.path, *(value for name, value in request.GET.items() if name not in FREE_TEXT)]
        if any("\x00" in text for text in named):
            raise Http404
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Answer 400 where what was posted has U+0000 in a field that names or chooses something."""
        if isinstance(exception, ValueError | DataError) and any(
            "\x00" in text for texts in dict(request.POST.lists()).values() for text in texts
        ):
            raise BadRequest from exception


class PrivateMiddleware:
    """Says of every answer that says nothing itself that it is for the one who asked: no shared cache may keep it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            response.headers["Cache-Control"] = "private, no-cache"
        return response
