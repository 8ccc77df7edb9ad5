"""To which units somebody may let a group belong."""

from __future__ import annotations

from django.db.models import Q

from directory.models import Employee, OrgUnit
from directory.querysets import OrgUnitQuerySet


def units_for_groups(employee: Employee) -> OrgUnitQuerySet:
    """Return the units `employee` works in, those above them and those they lead, the widest first."""
    line = {pk for job in employee.employments.current().select_related("unit") for pk in job.unit.ancestor_ids()}
    units: OrgUnitQuerySet = OrgUnit.objects.filter(Q(pk__in=line) | Q(leader=employee), ended_date=None)
    return units.order_by("depth", "name", "pk")
