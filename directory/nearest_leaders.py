"""Who follows up whom: a person's nearest leader, and who leads in that one's place for the time being.

The nearest leader is the manager of the primary employment, or else whoever leads its unit; leaders further up are
nobody's nearest. Whoever acts for the leader of a unit follows up that leader's own people beside the leader: a grant
has dates, but does not say who is away.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from directory.models import Employee, Role, RoleGrant
from directory.querysets import EmployeeQuerySet


def own_people(leader: Employee) -> EmployeeQuerySet:
    """Return the active persons whose nearest leader is `leader`, or someone `leader` acts for today."""
    theirs = Q(nearest_leader_id=leader.pk)
    for grant in leader.roles:
        if grant.role == Role.ACTING_LEADER and grant.unit:
            unit = grant.unit
            theirs |= _led_from(unit.pk, unit.path, unit.leader_id)
    people: Any = Employee.objects.active().with_nearest_leader()
    found: EmployeeQuerySet = people.filter(theirs).exclude(pk=leader.pk)
    return found


def leaders_of(people: EmployeeQuerySet) -> EmployeeQuerySet:
    """Return every active leader, acting ones too, who has someone among `people`; in one statement, each once."""
    followed: Any = people.with_nearest_leader().order_by()
    nearest = Q(pk__in=followed.values("nearest_leader_id"))
    acting = Q(pk__in=_acting_for(followed).values("employee_id"))
    leaders: EmployeeQuerySet = Employee.objects.active().filter(nearest | acting)
    return leaders


def leader_ids_of(employee: Employee) -> list[int]:
    """Return the ids of the leaders of one person, acting ones too: cheaper than to look through everyone."""
    followed: Any = Employee.objects.filter(pk=employee.pk).with_nearest_leader().order_by()
    nearest = followed.filter(nearest_leader_id__isnull=False).values_list("nearest_leader_id")
    return [pk for (pk,) in nearest.union(_acting_for(followed).order_by().values_list("employee_id"))]


def _acting_for(followed: Any) -> QuerySet[RoleGrant]:
    """The grants of those who act today for the nearest leader of one of these people."""
    led = _led_from(OuterRef("unit_id"), OuterRef("unit__path"), OuterRef("unit__leader_id"))
    theirs = followed.filter(led).exclude(pk=OuterRef("employee_id"))
    return RoleGrant.objects.in_force().filter(Exists(theirs), role=Role.ACTING_LEADER, unit__isnull=False)


def without_leader(people: EmployeeQuerySet) -> EmployeeQuerySet:
    """Return those of `people` whom nobody leads."""
    found: Any = people.with_nearest_leader()
    left: EmployeeQuerySet = found.filter(nearest_leader_id__isnull=True)
    return left


def _led_from(unit_id: object, path: object, leader_id: object) -> Q:
    """A condition on people: they are the own people of whoever leads this unit, there or in a unit below."""
    managed = Q(primary_employment__manager_id=leader_id, primary_employment__unit__path__startswith=path)
    by_nobody_else = Q(nearest_leader_id__isnull=True) | Q(nearest_leader_id=F("primary_employment__unit__leader_id"))
    placed = Q(primary_employment__unit_id=unit_id) & by_nobody_else & ~Q(pk=F("primary_employment__unit__leader_id"))
    return managed | placed if leader_id is not None else placed
