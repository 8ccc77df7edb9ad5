"""The colleagues of a unit as a phone list: small enough to hang on a wall, too small to be an address file."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from core.policies import annotate_allowed
from directory.listing import acting_in, own_unit
from directory.models import Employee, OrgUnit, Role
from directory.querysets import EmployeeQuerySet

MOST = 200


@dataclass
class PhoneList:
    """The list of one unit; without people where there are too many for one list."""

    unit: OrgUnit | None
    people: list[Employee] = field(default_factory=list)
    # Those of them who lead the unit for the time being.
    acting: list[int] = field(default_factory=list)
    is_too_long: bool = False
    # The units right below, each with a list of its own.
    smaller: list[OrgUnit] = field(default_factory=list)

    @property
    def lines(self) -> list[tuple[Employee, str]]:
        """Each person, and as what they lead the unit: who leads stands first."""
        lines = [(person, self._leads_as(person)) for person in self.people]
        leader_id = self.unit.leader_id if self.unit else None
        return sorted(lines, key=lambda line: (line[0].pk != leader_id, not line[1]))

    def _leads_as(self, person: Employee) -> str:
        if self.unit and person.pk == self.unit.leader_id:
            return _("Leader")
        return str(Role.ACTING_LEADER.label) if person.pk in self.acting else ""


def read_phone_list(viewer: Employee, unit_id: str) -> PhoneList:
    """Return the list of the unit with that public id, else of the viewer's own. Each with `may_see_mobile`.

    Who leads the unit is listed also where they work elsewhere.
    """
    unit = _unit(unit_id) or own_unit(viewer)
    if unit is None:
        return PhoneList(None)
    people: EmployeeQuerySet = Employee.objects.active().visible_to(viewer).filter(protected=False)
    acting = acting_in(unit)
    leading = people.filter(pk__in=[pk for pk in (unit.leader_id, *acting) if pk])
    listed = (people.in_branch(unit.path) | leading).by_name().with_job()
    found = list(annotate_allowed(listed, viewer, may_see_mobile="directory.see_mobile")[: MOST + 1])
    smaller = list(OrgUnit.objects.active().filter(parent=unit).order_by("name"))
    is_too_long = len(found) > MOST
    return PhoneList(unit, [] if is_too_long else found, acting, is_too_long, smaller)


def _unit(public_id: str) -> OrgUnit | None:
    return OrgUnit.objects.active().filter(public_id=public_id.replace("\x00", "")[:12]).first() if public_id else None
