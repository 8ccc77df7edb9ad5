"""Where in the organisation a person is, by the department a client names."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Max, Q

from core.clock import local_today
from directory.models import Employee, Employment, OrgUnit
from onboarding.imports.making_units import top_unit
from onboarding.models import ScimClient

# Sections of many agencies are called the same: «Administrasjon».
MOST_CALLED = 100


def find_unit(client: ScimClient, names: Sequence[str]) -> OrgUnit:
    """Return the unit whose code or name comes first in `names` (from the narrowest), within the client's branch.

    A name that several units have is settled by the wider ones; else it is passed over. Who names no unit that we
    know is placed at the top of the branch.
    """
    home = client.unit or top_unit()
    for place, name in enumerate(names):
        found = _called(home, name)
        if len(found) > 1:
            found = _within(found, [unit.path for wider in names[place + 1 :] for unit in _called(home, wider)])
        if len(found) == 1:
            return found[0]
    return home


def is_within_reach(client: ScimClient, employee: Employee) -> bool:
    """Say whether the client may speak of this person: one who works in its branch, or last did, or nowhere yet."""
    if client.unit is None:
        return True
    jobs = Employment.objects.filter(employee=employee)
    if not jobs.exists():
        return True
    lasting = jobs.filter(Q(end_date__isnull=True) | Q(end_date__gte=local_today()))
    last = lasting if lasting.exists() else jobs.filter(end_date=jobs.aggregate(last=Max("end_date"))["last"])
    return last.in_branch(client.unit.path).exists()


def _called(home: OrgUnit, name: str) -> list[OrgUnit]:
    called = OrgUnit.objects.active().below(home).filter(Q(code=name) | Q(name__iexact=name))
    return list(called.order_by("depth", "pk")[:MOST_CALLED])


def _within(units: list[OrgUnit], paths: list[str]) -> list[OrgUnit]:
    return [unit for unit in units if any(unit.path.startswith(path) for path in paths)]
