"""How many have a photo, told as numbers: never who lacks one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from core.suppression import LEAST
from directory.models import Employee, Employment, OrgUnit

BRANCHES_SHOWN = 6


@dataclass
class PhotoCount:
    """How many of a branch's people have a photo."""

    unit: OrgUnit
    people: int
    with_photo: int

    @property
    def share(self) -> int:
        """Whole per cents."""
        return self.with_photo * 100 // self.people


def photo_counts(units: Sequence[OrgUnit]) -> list[PhotoCount]:
    """Return the counts of each branch with at least ten people, in the order of `units`, in one statement.

    Those with a protected address have no photo to show and are not counted.
    """
    if not units:
        return []
    jobs = Employment.objects.current().filter(employee__is_active=True, employee__protected=False)
    counts: dict[str, Any] = {}
    for place, unit in enumerate(units):
        below = Q(unit__path__startswith=unit.path)
        counts[f"people_{place}"] = Count("employee", distinct=True, filter=below)
        counts[f"photos_{place}"] = Count("employee", distinct=True, filter=below & ~Q(employee__photo=""))
    told = jobs.order_by().aggregate(**counts)
    every = [PhotoCount(unit, told[f"people_{place}"], told[f"photos_{place}"]) for place, unit in enumerate(units)]
    return [count for count in every if count.people >= LEAST]


def own_photo_counts(employee: Employee) -> list[PhotoCount]:
    """Return the counts of the branches `employee` leads, or is superuser of; none for everyone else."""
    paths = {*employee.led_paths, *employee.role_paths("superuser")}
    # A branch within another is told of with it.
    roots = sorted(path for path in paths if not any(path != other and path.startswith(other) for other in paths))
    # A role held everywhere has the path «/»: that is the organisation itself.
    wanted = OrgUnit.objects.active().filter(Q(depth=0) if "/" in roots else Q(path__in=roots))
    return photo_counts(list(wanted.order_by("depth", "name")[:BRANCHES_SHOWN])) if roots else []
