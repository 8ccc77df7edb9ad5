"""Units and people as what one chooses among by name."""

from __future__ import annotations

from collections.abc import Iterable

from core.name_choice import Option, options_of
from directory.models import Employee, OrgUnit


def options_of_units(units: Iterable[OrgUnit]) -> list[Option]:
    """Return the units to choose among; those of the same name told apart by their code."""
    return options_of(units, lambda unit: unit.name, lambda unit: unit.code)


def options_of_people(people: Iterable[Employee]) -> list[Option]:
    """Return the people to choose among; those of the same name told apart by their job."""
    return options_of(people, lambda one: one.display_name, _apart)


def _apart(person: Employee) -> str:
    job = person.primary_employment
    return f"{job.title}, {job.unit.name}" if job else person.username
