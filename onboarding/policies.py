"""Who may keep the rules that put people into groups."""

from __future__ import annotations

from core.policies import policy
from directory.models import Employee


@policy("onboarding.keep_rules")
def keep_rules(employee: Employee) -> bool:
    """HR and the organisation's administrators."""
    return employee.has_role("hr", "admin")
