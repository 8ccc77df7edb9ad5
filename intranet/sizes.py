"""What brings too much is refused by its head: nothing of it is read, or laid on a disk."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from core.sizes import largest_body
from intranet.refusals import API, length_unknown, too_large

FILES = "multipart/form-data"


class RequestSizeMiddleware:
    """Answers 413 to a body above its bound: text has one, files another, and strangers bring no files."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.headers.get("Transfer-Encoding") and not request.headers.get("Content-Length"):
            return length_unknown(request)
        bound = _bound(request)
        if _length(request) > bound:
            return too_large(request, bound)
        return self.get_response(request)


def _bound(request: HttpRequest) -> int:
    # The API asks who it is before it reads anything.
    known = request.path.startswith(API) or request.user.is_authenticated
    if request.content_type == FILES and known:
        return largest_body(request.path)
    return settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def _length(request: HttpRequest) -> int:
    told = request.headers.get("Content-Length") or "0"
    return int(told) if told.isdecimal() else 0
