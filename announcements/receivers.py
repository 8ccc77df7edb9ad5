"""What announcements hear from below; also makes their fan-out jobs known."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from announcements import audit_words, fan_outs, following_up_jobs
from announcements.actions import purge_discarded_drafts, start_adding_newcomers
from announcements.actions.forgetting import forget_readings
from announcements.models import Announcement
from directory.signals import employees_changed
from notifications.sweeping import purges

__all__ = ["audit_words", "fan_outs", "following_up_jobs", "people_changed"]

purges.add("announcements: discarded drafts", purge_discarded_drafts)
purges.add("announcements: who saw and confirmed", forget_readings)


@receiver(employees_changed, dispatch_uid="announcements")
def people_changed(sender: Any, employee_ids: list[int], **extra: Any) -> None:
    """Let those who have begun get what is on top now."""
    if employee_ids and Announcement.objects.still_joined().exists():
        start_adding_newcomers(employee_ids)
