"""Pages that stay still while others write: keyset cursors for screens and for the API."""

from __future__ import annotations

import base64
import datetime
import json
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db import DataError
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination as DrfCursorPagination
from rest_framework.request import Request

from core.clock import moment_in

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
        return pack(self.at.isoformat(), self.id)

    @classmethod
    def decode(cls, text: str | None) -> Cursor | None:
        """Return the cursor in `text`; None when it is empty or damaged, which means the first page."""
        match unpack(text):
            case [at, number] if (moment := moment_in(at)) and is_id(number):
                return cls(moment, number)
        return None


def pack(*values: Any) -> str:
    """Return these values as they stand in an address: what JSON can hold."""
    raw = json.dumps(values, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def unpack(text: str | None) -> list[Any] | None:
    """Return the values that `pack` put into `text`; None for anything else, whatever somebody has made of it."""
    try:
        values = json.loads(base64.urlsafe_b64decode((text or "") + "=" * (-len(text or "") % 4)))
    except (ValueError, RecursionError):
        return None
    return values if isinstance(values, list) else None


def is_id(number: object) -> bool:
    """Whether the database can compare `number` with its ids."""
    return type(number) is int and abs(number) < 2**63


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

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        """Return the page. Raises NotFound for a cursor that is none, whatever its parts say."""
        try:
            return super().paginate_queryset(queryset, request, view)
        except (ValueError, OverflowError, ValidationError, DataError) as error:
            if self.cursor_query_param not in request.query_params:
                raise
            raise NotFound(self.invalid_cursor_message) from error
