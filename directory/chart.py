"""The organisation chart around one unit: what it belongs to, what belongs to it, who leads each, who works there.

However large the organisation, the same few statements: the tree is walked by stored paths, one step at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Q
from django.urls import reverse

from directory.faces import Face, face_of
from directory.figures import count_in, counts_below
from directory.models import Employee, OrgUnit, Role, RoleGrant

PEOPLE_SHOWN = 24


@dataclass
class Node:
    """One unit of the chart."""

    unit: OrgUnit
    people: int = 0
    # How many units lie right below.
    units: int = 0
    leader: Face | None = None
    acting: list[Face] = field(default_factory=list)
    # Nobody leads it. A leader whom the viewer may not find is not shown, but not denied either.
    is_leaderless: bool = False

    @property
    def url(self) -> str:
        """Address of the chart around this unit."""
        return reverse("chart_of_unit", args=[self.unit.public_id])

    @property
    def people_url(self) -> str:
        """Address of those who work here, in the directory."""
        return f"{reverse('people')}?unit={self.unit.public_id}"


@dataclass
class Chart:
    """What the page shows: the way down, the unit itself, the units below and the people right in it."""

    above: list[Node]
    node: Node
    below: list[Node]
    people: list[Face]
    # Whether more work right in the unit than are shown.
    is_more: bool = False


def read_chart(viewer: Employee, unit: OrgUnit) -> Chart:
    """Return the chart around `unit` as `viewer` may see it. Below a unit that has ended there is nothing."""
    above = list(OrgUnit.objects.above(unit).exclude(pk=unit.pk))
    below = list(OrgUnit.objects.active().filter(parent=unit).order_by("name", "pk")) if not unit.ended_date else []
    counts = counts_below(unit) | {unit.pk: count_in(unit)}
    nodes = {each.pk: Node(each, counts.get(each.pk, 0)) for each in (*above, unit, *below)}
    _count_units(nodes, [each.pk for each in below])
    _appoint(nodes, viewer)
    people = _people_in(viewer, unit, nodes[unit.pk])
    return Chart(
        above=[nodes[each.pk] for each in above],
        node=nodes[unit.pk],
        below=[nodes[each.pk] for each in below],
        people=[face_of(person) for person in people[:PEOPLE_SHOWN]],
        is_more=len(people) > PEOPLE_SHOWN,
    )


def _count_units(nodes: dict[int, Node], below: Sequence[int]) -> None:
    counted = OrgUnit.objects.active().filter(parent__in=below).order_by().values_list("parent").annotate(Count("pk"))
    for pk, units in counted:
        nodes[pk].units = units


def _appoint(nodes: dict[int, Node], viewer: Employee) -> None:
    """Give each unit its leader and who leads it for the time being."""
    acting = list(_acting_in(nodes))
    wanted = {node.unit.leader_id for node in nodes.values()} | {employee for _, employee in acting}
    people = Employee.objects.active().filter(pk__in=wanted - {None}).with_job()
    working = {person.pk: person for person in people}
    findable = set(Employee.objects.visible_to(viewer).filter(pk__in=working).values_list("pk", flat=True))
    for node in nodes.values():
        leader = working.get(node.unit.leader_id or 0)
        node.is_leaderless = leader is None
        node.leader = face_of(leader) if leader and leader.pk in findable else None
    for unit, employee in acting:
        if employee in findable and employee != nodes[unit].unit.leader_id:
            nodes[unit].acting.append(face_of(working[employee]))


def _acting_in(units: Iterable[int]) -> Iterable[tuple[int, int]]:
    grants = RoleGrant.objects.in_force().filter(role=Role.ACTING_LEADER, unit__in=list(units))
    return grants.order_by("pk").values_list("unit", "employee").distinct()


def _people_in(viewer: Employee, unit: OrgUnit, node: Node) -> list[Employee]:
    """Those who work right in the unit, but for the leader who stands on top; one more than are shown."""
    here: Q = ~Q(pk=unit.leader_id or 0)
    people = Employee.objects.active().visible_to(viewer).holding(unit=unit).filter(here).by_name()
    shown: list[Employee] = Employee.objects.with_job().at(people.first_ids(0, PEOPLE_SHOWN + 1))
    return shown
