"""Draws portraits: friendly flat busts of people who do not exist, the same for the same seed."""

from __future__ import annotations

from intranet.demo.portraits.drawing import draw_portrait
from intranet.demo.portraits.looks import LOOKS

__all__ = ["LOOKS", "draw_portrait"]
