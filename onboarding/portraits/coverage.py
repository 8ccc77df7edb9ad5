"""How many have a picture, unit by unit: numbers only, never who lacks one."""

from __future__ import annotations

from dataclasses import dataclass

from core.suppression import Branch, hidden_branches
from directory.models import Employment, OrgUnit


@dataclass(frozen=True)
class Covered:
    """A unit with how many work there and how many of them have a picture; a hidden one has no numbers."""

    unit: OrgUnit
    people: int
    with_photo: int
    is_hidden: bool
    has_units: bool

    @property
    def share(self) -> int:
        """Whole per cents."""
        return self.with_photo * 100 // self.people if self.people else 0


def covered_units(unit: OrgUnit) -> list[Covered]:
    """Return `unit` and the units right below it, in the order of their names, in four queries.

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
        Covered(each, people[each.pk], photos.get(each.pk, 0), each.pk in hidden, each.pk in parents)
        for each in [unit, *below]
        if people.get(each.pk)
    ]
