"""The organisation chart around one unit: what it belongs to, what belongs to it, who leads each, who works there.

However large the organisation, the same few statements: the tree is walked by stored paths, one step at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Count
from django.urls import reverse

from directory.faces import Face
from directory.figures import count_in, counts_below
from directory.models import Employee, Employment, OrgUnit, Role, RoleGrant
from directory.querysets import EmployeeQuerySet

PEOPLE_SHOWN = 24
# Paper leads nowhere: so many are printed.
PEOPLE_PRINTED = 200


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
    # Who leads what it belongs to, where nobody leads it itself.
    led_from_above: Face | None = None

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
    # Those who are printed besides, and whether there are even more.
    printed: list[Face]
    is_more: bool = False


def read_chart(viewer: Employee, unit: OrgUnit) -> Chart:
    """Return the chart around `unit` as `viewer` may see it. Below a unit that has ended there is nothing."""
    above = list(OrgUnit.objects.above(unit).exclude(pk=unit.pk))
    below = list(OrgUnit.objects.active().filter(parent=unit).order_by("name", "pk")) if not unit.ended_date else []
    counts = (counts_below(unit) if below else {}) | {unit.pk: count_in(unit)}
    nodes = {each.pk: Node(each, counts.get(each.pk, 0)) for each in (*above, unit, *below)}
    _count_units(nodes, [each.pk for each in below])
    _appoint(nodes, viewer)
    _lead_from_above([nodes[each.pk] for each in (*above, unit)], [nodes[each.pk] for each in below])
    people = _people_in(viewer, unit)
    return Chart(
        above=[nodes[each.pk] for each in above],
        node=nodes[unit.pk],
        below=[nodes[each.pk] for each in below],
        people=[_face(person) for person in people[:PEOPLE_SHOWN]],
        printed=[_face(person) for person in people[PEOPLE_SHOWN:PEOPLE_PRINTED]],
        is_more=len(people) > PEOPLE_PRINTED,
    )


def _count_units(nodes: dict[int, Node], below: Sequence[int]) -> None:
    counted = OrgUnit.objects.active().filter(parent__in=below).order_by().values_list("parent").annotate(Count("pk"))
    for pk, units in counted:
        nodes[pk].units = units


def _appoint(nodes: dict[int, Node], viewer: Employee) -> None:
    """Give each unit its leader and who leads it for the time being."""
    acting = list(_acting_in(nodes))
    wanted = {node.unit.leader_id for node in nodes.values()} | {employee for _, employee in acting}
    working = Employee.objects.active().filter(pk__in=wanted - {None})
    present = set(working.values_list("pk", flat=True))
    faces = {person.pk: _face(person) for person in _with_titles(working.visible_to(viewer))}
    for node in nodes.values():
        node.is_leaderless = node.unit.leader_id not in present
        node.leader = faces.get(node.unit.leader_id or 0)
    for unit, employee in acting:
        if employee in faces and employee != nodes[unit].unit.leader_id:
            nodes[unit].acting.append(faces[employee])


def _with_titles(people: EmployeeQuerySet) -> EmployeeQuerySet:
    """Of the people only what a node shows: there are many nodes."""
    shown = ("public_id", "first_name", "last_name", "chosen_name", "protected", "photo", "primary_employment__title")
    return people.select_related("primary_employment").only(*shown)


def _face(person: Employee) -> Face:
    job = person.primary_employment
    return Face(
        display_name=person.full_name,
        url=reverse("person", args=[person.public_id]),
        initials=person.initials,
        title=job.title if job else "",
        photo_url_96=person.photo_url_96,
    )


def _lead_from_above(down: Sequence[Node], below: Iterable[Node]) -> None:
    leader: Face | None = None
    for node in down:
        node.led_from_above = leader if node.is_leaderless else None
        leader = node.leader if not node.is_leaderless else leader
    for node in below:
        node.led_from_above = leader if node.is_leaderless else None


def _acting_in(units: Iterable[int]) -> Iterable[tuple[int, int]]:
    grants = RoleGrant.objects.in_force().filter(role=Role.ACTING_LEADER, unit__in=list(units))
    return grants.order_by("pk").values_list("unit", "employee").distinct()


def _people_in(viewer: Employee, unit: OrgUnit) -> list[Employee]:
    """Those who work right in the unit, but for the leader who stands on top; one more than are printed."""
    # Asked for by their ids: the database would rather look through everybody by name for the first few who fit.
    jobs = Employment.objects.current().filter(unit=unit).exclude(employee=unit.leader_id)
    ids = list(jobs.order_by().values_list("employee", flat=True).distinct())
    people = Employee.objects.active().visible_to(viewer).filter(pk__in=ids).by_name()
    return list(_with_titles(people)[: PEOPLE_PRINTED + 1])
