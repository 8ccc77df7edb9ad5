"""What the notifications engine does when the directory tells of something."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from directory.signals import employees_left
from notifications import live


@receiver(employees_left, dispatch_uid="notifications.close_streams")
def close_streams(employee_ids: list[int], **facts: Any) -> None:
    """End the open event streams of those who no longer work here."""
    live.publish_many([f"u:{pk}" for pk in employee_ids], event="close")
