"""Figures of the whole organisation. They read everyone there is, so they are counted once in a while and kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from django.core.cache import cache
from django.db.models import CharField, F, Func

from core.clock import local_today
from core.text import sort_key
from directory.models import Employee, Employment, OrgUnit, Workplace
from directory.querysets import EmployeeQuerySet

COUNTED_FOR = 300
MOST_LANGUAGES = 60
MAX_PLACES = 200


@dataclass(frozen=True)
class Size:
    """How many work here, in how many agencies. People with a protected address are not counted."""

    people: int
    agencies: int


def size_of_all() -> Size:
    """Return how large the organisation is."""
    return cast(Size, _kept("directory-size", _measure))


def languages_spoken() -> list[str]:
    """Return the languages colleagues say they speak, in the order of the alphabet."""
    return cast("list[str]", _kept("directory-languages", _read_languages))


def places_in(unit: OrgUnit | None) -> list[Workplace]:
    """Return the places people of `unit` work at, by name; of the whole organisation none, for they are too many."""
    if unit is None or unit.parent_id is None:
        return []

    def read() -> list[Workplace]:
        jobs = Employment.objects.current().in_branch(unit.path)
        return list(Workplace.objects.filter(pk__in=jobs.values("workplace")).order_by("name")[:MAX_PLACES])

    return cast("list[Workplace]", _kept(f"places-in:{unit.pk}", read))


def branches_with_counts(unit: OrgUnit) -> list[tuple[OrgUnit, int]]:
    """Return the units right below `unit` where anyone works, with how many."""
    counts = counts_below(unit)
    children = OrgUnit.objects.active().filter(parent=unit, pk__in=counts).order_by("name")
    return [(child, counts[child.pk]) for child in children]


def counts_below(unit: OrgUnit) -> dict[int, int]:
    """Return how many work in each of the units right below `unit` and all under it, by id."""

    def count() -> dict[int, int]:
        return Employment.objects.current().in_branch(unit.path).people_per_branch(unit.depth + 1)

    return cast("dict[int, int]", _kept(f"people-below:{unit.pk}", count)) if is_large(unit) else count()


def count_in(unit: OrgUnit) -> int:
    """Return how many work in `unit` and all under it."""

    def count() -> int:
        open_people: EmployeeQuerySet = Employee.objects.active().filter(protected=False)
        return open_people.in_branch(unit.path).count()

    if unit.parent_id is None:
        return size_of_all().people
    return cast(int, _kept(f"people-in:{unit.pk}", count)) if is_large(unit) else count()


def is_large(unit: OrgUnit) -> bool:
    """Say whether so many may work in `unit` that they are counted once in a while: the whole, and the agencies."""
    return unit.depth <= 1


def _measure() -> Size:
    people = Employee.objects.active().filter(protected=False).count()
    return Size(people, OrgUnit.objects.active().filter(kind=OrgUnit.Kind.AGENCY).count())


def _read_languages() -> list[str]:
    open_people = Employee.objects.active().filter(protected=False).exclude(spoken_languages=[])
    each = Func(F("spoken_languages"), function="jsonb_array_elements_text", output_field=CharField())
    return sorted(open_people.order_by().values_list(each, flat=True).distinct()[:MOST_LANGUAGES], key=sort_key)


def _kept(name: str, count: Callable[[], Any]) -> Any:
    key = f"{name}:{local_today()}"
    if (kept := cache.get(key)) is not None:
        return kept
    counted = count()
    cache.set(key, counted, COUNTED_FOR)
    return counted
