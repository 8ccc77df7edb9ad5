"""Who may keep the rules that put people into groups."""

from __future__ import annotations

from django.db.models import Q

from core.policies import policy
from directory.models import Employee


@policy("onboarding.keep_rules")
def keep_rules(employee: Employee) -> bool:
    """HR and the organisation's administrators."""
    return employee.has_role("hr", "admin")


@policy("onboarding.answer_corrections")
def answer_corrections(employee: Employee) -> bool:
    """HR alone: that is what whoever reports is told."""
    return employee.has_role("hr")


@policy("onboarding.import_photos")
def import_photos(employee: Employee) -> bool:
    """HR and the organisation's administrators supply pictures for people to say yes or no to."""
    return employee.has_role("hr", "admin")


@policy("onboarding.greet")
def greet(employee: Employee) -> Q:
    """A new colleague is greeted by the own leader, before the first day too."""
    coming = employee.managed_employments.filter(end_date__isnull=True).values("employee_id")
    return Q(employee__in=coming) | Q(employee__in=employee.led_employments().values("employee_id"))
