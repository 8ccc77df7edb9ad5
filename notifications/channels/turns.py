"""Who sends over a channel now: one process at a time where a server is slow, so that it never holds them all."""

from __future__ import annotations

from collections.abc import Callable

from core.database import try_lock
from notifications.channels import states


def send_alone(channel: str, send_due: Callable[[], int]) -> int:
    """Do one stretch of sending, unless another process is at it; return how many messages were taken up."""
    with try_lock(_name(channel)) as is_mine:
        return send_due() if is_mine else 0


def help_out(channel: str, send_due: Callable[[], int]) -> int:
    """Do one stretch, beside another process as long as the server is quick; return how many were taken up."""
    with try_lock(_name(channel)) as is_mine:
        return send_due() if is_mine or states.is_well(channel) else 0


def _name(channel: str) -> str:
    return f"sending over {channel}"
