"""Pages that stay still while others write: keyset cursors for screens and for the API."""

from __future__ import annotations

import base64
import binascii
import datetime
import json
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from drf_spectacular.utils import OpenApiParameter
from rest_framework.pagination import CursorPagination as DrfCursorPagination
from rest_framework.request import Request

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some items and, where there are more, the cursor that fetches the next."""

    items: list[T]
    next_cursor: str | None = None


@dataclass(frozen=True)
class Cursor:
    """The place of the last item shown: its time and its id, which breaks ties."""

    at: datetime.datetime
    id: int

    def encode(self) -> str:
        """Return the cursor as it stands in an address."""
        raw = json.dumps([self.at.isoformat(), self.id]).encode()
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str | None) -> Cursor | None:
        """Return the cursor in `text`; None when it is empty or damaged, which means the first page."""
        if not text:
            return None
        try:
            at, number = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            moment = datetime.datetime.fromisoformat(at)
            return cls(moment, int(number)) if moment.tzinfo and abs(int(number)) < 2**63 else None
        except (ValueError, TypeError, binascii.Error):
            return None


CURSOR = OpenApiParameter("cursor", str, description="From `next` of the page before.")
PAGE_SIZE = OpenApiParameter("page_size", int, description="How many at most on a page: 25 unless said, 100 at most.")
# What lists take that are no querysets and so draw their own pages.
PAGE_PARAMETERS = [CURSOR, PAGE_SIZE]


def page_size(request: Request) -> int:
    """Return how many the caller wants on a page."""
    return CursorPagination().get_page_size(request) or CursorPagination.page_size


def next_address(request: Request, cursor: str | None) -> str | None:
    """Return the address of the page that begins at `cursor`, the other parameters kept; None where that is None."""
    if cursor is None:
        return None
    query = request.query_params.copy()
    query["cursor"] = cursor
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


class CursorPagination(DrfCursorPagination):
    """The API's pages: newest first by id, at most 100."""

    ordering: Any = "-id"
    page_size = 25
    page_size_query_param = "page_size"
    max_page_size = 100
