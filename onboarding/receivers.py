"""What onboarding hears from below."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from directory.models import Employee
from directory.signals import employees_changed
from groups.signals import posted_in_group
from onboarding.enrolment_jobs import reconcile_soon
from onboarding.imports import sweeping  # noqa: F401 - adds its rounds to the sweeper
from onboarding.welcome.actions import tick


@receiver(employees_changed)
def reconcile_changed(sender: Any, employee_ids: list[int], **kwargs: Any) -> None:
    """People begin, leave or change jobs: their groups follow."""
    reconcile_soon(employee_ids)


@receiver(posted_in_group)
def tick_hello(sender: Any, employee: Employee, **kwargs: Any) -> None:
    """The first post is «say hello»."""
    tick(employee=employee, step="hello")
