"""Codes that a telephone's camera reads, drawn here and by nobody else."""

from __future__ import annotations

from functools import lru_cache

import segno
from django.utils.safestring import SafeString, mark_safe

QUIET_MODULES = 4


def draw_qr(address: str) -> SafeString:
    """Return a QR code that leads to `address`, as an SVG that takes the size of its place. Kept nowhere."""
    code = segno.make_qr(address, error="m")
    drawn = code.svg_inline(border=QUIET_MODULES, omitsize=True, light="#fff", svgclass="qr", lineclass=None)
    return mark_safe(drawn)  # noqa: S308 - squares and numbers only


@lru_cache(maxsize=256)
def qr_code(address: str) -> SafeString:
    """Return the same, kept for the next one who asks: for addresses that are nobody's secret."""
    return draw_qr(address)
