"""Who may read what stands in groups and lines: the people a mention can reach."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q

from conversations.readers import readers_of
from directory.models import Employee, OrgUnit
from directory.querysets import EmployeeQuerySet
from feed.models import Placement


def readers_of_places(places: Sequence[Placement]) -> EmployeeQuerySet:
    """Return everyone who may read what stands in these `places`; their groups, units and posts are known."""
    groups = [place.group for place in places if place.group]
    found = readers_of(*groups) if groups else Employee.objects.none()
    for place in places:
        if place.unit:
            found = found | readers_of_line(place.unit, place.post.author)
    return found


def readers_of_line(unit: OrgUnit, writer: Employee) -> EmployeeQuerySet:
    """Return everyone who works in `unit` or below it, and the one who writes to them."""
    below = Employee.objects.in_branch(unit.path).values("pk")
    people: EmployeeQuerySet = Employee.objects.active().filter(Q(pk__in=below) | Q(pk=writer.pk))
    return people
