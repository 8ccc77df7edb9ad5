"""Places on a page that other apps fill, so that siblings need not know each other.

A page draws a slot («home.top»); whoever has something to show there registers a function that returns HTML.
One fragment that fails is logged and left out: a faulty card never hides the rest of the page.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

Fragment = Callable[..., str]

logger = logging.getLogger(__name__)
_slots: defaultdict[str, list[tuple[int, Fragment]]] = defaultdict(list)


def fragment(slot: str, *, order: int = 100) -> Callable[[Fragment], Fragment]:
    """Register the decorated function to fill `slot`; lower `order` stands first.

    The function takes the request and the keywords the page gives, and returns safe HTML or "".
    """

    def register(function: Fragment) -> Fragment:
        _slots[slot].append((order, function))
        _slots[slot].sort(key=lambda entry: entry[0])
        return function

    return register


def is_filled(slot: str) -> bool:
    """Say whether anything installed fills `slot`: a page that nothing fills has no place in a menu."""
    return bool(_slots.get(slot))


def render_slot(slot: str, request: HttpRequest, **context: Any) -> SafeString:
    """Return the HTML of every fragment of `slot`, in order; one that raises is logged and skipped."""
    parts = [_render(function, request, context) for _, function in _slots[slot]]
    return mark_safe("".join(parts))  # noqa: S308 - each part is a rendered template


def _render(function: Fragment, request: HttpRequest, context: dict[str, Any]) -> str:
    try:
        # Inside a transaction a failed query would spoil what follows; outside there is nothing to protect.
        with transaction.atomic() if connection.in_atomic_block else nullcontext():
            return function(request, **context)
    except Exception:
        logger.exception("fragment %s failed", function.__qualname__)
        return ""
