"""How many have a photo, told as numbers: never who lacks one.

Those with a protected address have no photo to show and are not counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from core.suppression import LEAST, Branch, hidden_branches
from directory.models import Employee, Employment, OrgUnit

BRANCHES_SHOWN = 6


@dataclass(frozen=True)
class PhotoCount:
    """How many work in a branch and how many of them have a photo; those of a hidden one must not be shown."""

    unit: OrgUnit
    people: int
    with_photo: int
    is_hidden: bool = False
    has_units: bool = False

    @property
    def share(self) -> int:
        """Whole per cents."""
        return self.with_photo * 100 // self.people if self.people else 0


def own_photo_counts(employee: Employee) -> list[PhotoCount]:
    """Return the counts of the branches `employee` leads or is superuser of; none for everyone else.

    Branches of fewer than ten are left out. They lie apart, so nothing follows from one about another.
    """
    paths = {*employee.led_paths, *employee.role_paths("superuser")}
    # A branch within another is told of with it.
    roots = sorted(path for path in paths if not any(path != other and path.startswith(other) for other in paths))
    # A role held everywhere has the path «/»: that is the organisation itself.
    wanted = OrgUnit.objects.active().filter(Q(depth=0) if "/" in roots else Q(path__in=roots))
    units = list(wanted.order_by("depth", "name")[:BRANCHES_SHOWN]) if roots else []
    return [count for count in _count_each(units) if count.people >= LEAST]


def photo_counts_below(unit: OrgUnit) -> list[PhotoCount]:
    """Return the counts of `unit` and of those right below it where anyone works, by name, in four queries.

    Units of fewer than ten are hidden, and one more where those could be worked out from the rest.
    """
    jobs = Employment.objects.current().in_branch(unit.path)
    shown = jobs.exclude(employee__photo="")
    people = jobs.people_per_branch(unit.depth + 1) | jobs.people_per_branch(unit.depth)
    photos = shown.people_per_branch(unit.depth + 1) | shown.people_per_branch(unit.depth)
    below = list(OrgUnit.objects.active().filter(parent=unit).order_by("name", "pk"))
    branches = [Branch(unit.pk, None, people.get(unit.pk, 0))]
    branches += [Branch(child.pk, unit.pk, people.get(child.pk, 0)) for child in below]
    hidden = hidden_branches(branches)
    parents = set(OrgUnit.objects.active().filter(parent__in=below).values_list("parent", flat=True))
    return [
        PhotoCount(each, people[each.pk], photos.get(each.pk, 0), each.pk in hidden, each.pk in parents)
        for each in [unit, *below]
        if people.get(each.pk)
    ]


def _count_each(units: list[OrgUnit]) -> list[PhotoCount]:
    """Count several branches, wherever they lie, in one statement."""
    jobs = Employment.objects.current().filter(employee__is_active=True, employee__protected=False)
    counts: dict[str, Any] = {}
    for place, unit in enumerate(units):
        below = Q(unit__path__startswith=unit.path)
        counts[f"people_{place}"] = Count("employee", distinct=True, filter=below)
        counts[f"photos_{place}"] = Count("employee", distinct=True, filter=below & ~Q(employee__photo=""))
    told = jobs.order_by().aggregate(**counts) if units else {}
    return [PhotoCount(unit, told[f"people_{place}"], told[f"photos_{place}"]) for place, unit in enumerate(units)]
