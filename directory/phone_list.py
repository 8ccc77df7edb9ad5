"""The colleagues of a unit as a phone list: small enough to hang on a wall, too small to be an address file."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.policies import annotate_allowed
from directory.listing import own_unit
from directory.models import Employee, OrgUnit
from directory.querysets import EmployeeQuerySet

MOST = 200


@dataclass
class PhoneList:
    """The list of one unit; without people where there are too many for one list."""

    unit: OrgUnit | None
    people: list[Employee] = field(default_factory=list)
    is_too_long: bool = False
    # The units right below, each with a list of its own.
    smaller: list[OrgUnit] = field(default_factory=list)


def read_phone_list(viewer: Employee, unit_id: str) -> PhoneList:
    """Return the list of the unit with that public id, else of the viewer's own. Each with `may_see_mobile`."""
    unit = _unit(unit_id) or own_unit(viewer)
    if unit is None:
        return PhoneList(None)
    people: EmployeeQuerySet = Employee.objects.active().visible_to(viewer).filter(protected=False)
    listed = people.in_branch(unit.path).by_name().with_job()
    found = list(annotate_allowed(listed, viewer, may_see_mobile="directory.see_mobile")[: MOST + 1])
    smaller = list(OrgUnit.objects.active().filter(parent=unit).order_by("name"))
    is_too_long = len(found) > MOST
    return PhoneList(unit, [] if is_too_long else found, is_too_long, smaller)


def _unit(public_id: str) -> OrgUnit | None:
    return OrgUnit.objects.active().filter(public_id=public_id.replace("\x00", "")[:12]).first() if public_id else None
