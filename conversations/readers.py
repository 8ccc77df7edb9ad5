"""Who may read what stands in a group: the people a mention can reach."""

from __future__ import annotations

from django.db.models import Q

from directory.models import Employee
from directory.querysets import EmployeeQuerySet
from groups.models import Group, Membership


def readers_of(*groups: Group) -> EmployeeQuerySet:
    """Return everyone who works here where one of `groups` is open, else the members of any of them.

    Groups that have been closed down have no readers.
    """
    groups = tuple(group for group in groups if group.closed_at is None)
    everyone: EmployeeQuerySet = Employee.objects.active()
    if any(group.privacy == Group.Privacy.OPEN for group in groups):
        return everyone
    members = Membership.objects.filter(group__in=groups).values("employee_id")
    return everyone.filter(Q(pk__in=members))
