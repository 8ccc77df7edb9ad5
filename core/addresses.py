"""Addresses that hold what a page shows: its filters, and from which number on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

FURTHEST = 100_000


def address_with(route: str, values: Mapping[str, Any]) -> str:
    """Return the address of `route` with those `values` that say something in its query string."""
    kept = {name: value for name, value in values.items() if value}
    return reverse(route) + (f"?{urlencode(kept)}" if kept else "")


def start_in(query: Mapping[str, str]) -> int:
    """Return from which number a list goes on («from»); 0 when the address says nothing sensible."""
    start = query.get("from", "")
    return min(int(start), FURTHEST) if start.isascii() and start.isdigit() and len(start) < 8 else 0
