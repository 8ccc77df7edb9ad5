"""Who may do what with the engine itself."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.db.models import Q

from core.policies import policy
from directory.models import Employee


@policy("notifications.operate")
def operate(employee: Employee) -> bool:
    """The organisation's administrators see what waits to be sent, in numbers, and try again or give up."""
    return employee.has_role("admin")


@policy("notifications.set_quiet_hours")
def set_quiet_hours(employee: Employee) -> Q:
    """Whoever leads a unit, or administers its agency, says when it is quiet for those who work there."""
    paths = [*employee.led_paths, *employee.role_paths("admin", "agency_admin")]
    return reduce(or_, (Q(path__startswith=path) for path in paths), Q(pk__in=[]))
