"""What the notifications engine does when the directory tells of something."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from directory.signals import employees_left, jobs_changed, sessions_ended
from notifications import live
from notifications.models import Delivery


@receiver([employees_left, sessions_ended], dispatch_uid="notifications.close_streams")
def close_streams(employee_ids: list[int], **facts: Any) -> None:
    """End the open event streams of those who no longer work here, or whose sessions were ended."""
    live.publish_many([f"u:{pk}" for pk in employee_ids], event="close")


@receiver(jobs_changed, dispatch_uid="notifications.renew_streams")
def renew_streams(employee_ids: list[int], **facts: Any) -> None:
    """Let the open event streams of these people listen to the units they work in now, and to no others."""
    live.renew_people(employee_ids)


@receiver(employees_left, dispatch_uid="notifications.stop_messages")
def stop_messages(employee_ids: list[int], **facts: Any) -> None:
    """Let nothing wait for those who no longer work here; what is sent at this moment is looked over once more."""
    waiting = Delivery.objects.filter(recipient__in=employee_ids, state=Delivery.State.WAITING)
    waiting.update(state=Delivery.State.SKIPPED, last_error="no longer works here")
