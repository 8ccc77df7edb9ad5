"""Reading what is sent to the API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser as PlainJSONParser

NO_OBJECT = _("Send an object: {…}.")
# Nothing the API takes is nested deeper than a handful; what walks through it afterwards has an end to its patience.
MOST_LEVELS = 50


class NoObjectError(ParseError):
    """What was sent is JSON, and yet nothing that has fields."""

    default_detail = NO_OBJECT


class JSONParser(PlainJSONParser):
    """JSON objects that are nested no deeper than anything here can be; the rest cannot be read."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return what was sent. Raises ParseError for what is no JSON, no object, or nested too deep."""
        try:
            data: Any = super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError from None
        if not isinstance(data, dict):
            raise NoObjectError
        if _levels(data) > MOST_LEVELS:
            raise ParseError
        return data


def _levels(data: Any) -> int:
    """Return how deep `data` is nested; stops counting right above the most."""
    level, found = [data], 0
    while level and found <= MOST_LEVELS:
        found += 1
        level = [inner for outer in level for inner in _inside(outer)]
    return found


def _inside(data: Any) -> list[Any]:
    if isinstance(data, dict):
        return list(data.values())
    return data if isinstance(data, list) else []
