"""What onboarding hears from below."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from directory.signals import employees_changed
from onboarding.enrolment_jobs import reconcile_soon


@receiver(employees_changed)
def reconcile_changed(sender: Any, employee_ids: list[int], **kwargs: Any) -> None:
    """People begin, leave or change jobs: their groups follow."""
    reconcile_soon(employee_ids)
