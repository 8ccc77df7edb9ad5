"""What the notifications engine does when the directory tells of something."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from directory.signals import employees_left, sessions_ended
from notifications import live


@receiver([employees_left, sessions_ended], dispatch_uid="notifications.close_streams")
def close_streams(employee_ids: list[int], **facts: Any) -> None:
    """End the open event streams of those who no longer work here, or whose sessions were ended."""
    live.publish_many([f"u:{pk}" for pk in employee_ids], event="close")
