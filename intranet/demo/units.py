"""The demo organisation's tree, and how many work in each leaf of it."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from directory.models import OrgUnit
from intranet.demo.copying import copy_rows, public_ids, reserve_ids
from intranet.demo.sources import read, read_agencies

# A section with fewer people than this is not worth drawing; its people go to its neighbours.
PEOPLE_PER_SECTION = 7
Jobs = list[tuple[str, int]]


@dataclass
class Unit:
    """A unit being planned. `size` is how many work in the unit itself, not below it."""

    code: str
    name: str
    kind: str
    parent: Unit | None
    short_name: str = ""
    size: int = 0
    jobs: Jobs = field(default_factory=list)
    pk: int = 0
    path: str = ""
    depth: int = 0

    @property
    def agency(self) -> Unit | None:
        """The agency this unit is or belongs to; None for the organisation."""
        unit: Unit | None = self
        while unit is not None and unit.kind != "agency":
            unit = unit.parent
        return unit

    @property
    def place(self) -> str:
        """The unit's name, as one would name where people work."""
        return self.name


def plan_units(employees: int, needed: set[str]) -> dict[str, Unit]:
    """Return the units of an organisation with about `employees` people, by code, parents before children.

    Sections too small for the number are left out, unless someone of the cast works there (`needed` codes).
    """
    tree = read("units")
    top = Unit(tree["organisation"]["code"], tree["organisation"]["name"], "organisation", None)
    units = {top.code: top}
    agencies = read_agencies()
    scale = employees / sum(int(row["approx_employees"]) for row in agencies)
    for row in agencies:
        agency = Unit(row["code"], row["name"], "agency", top, row["short_name"])
        units[agency.code] = agency
        size = max(3, round(int(row["approx_employees"]) * scale))
        departments = tree["by_code"].get(row["code"]) or tree["by_type"][row["type"]]
        _plan_departments(units, agency, departments, size, needed)
    for code, size in tree["sizes"].items():
        units[code].size = size
    _plan_teams(units, tree["teams"])
    return units


def _plan_departments(
    units: dict[str, Unit], agency: Unit, departments: list[dict[str, Any]], size: int, needed: set[str]
) -> None:
    weight = sum(department["weight"] for department in departments)
    for number, plan in enumerate(departments, 1):
        code = f"{agency.code}-{number:02}"
        people = round(size * plan["weight"] / weight)
        if people < 2 and not any(other.startswith(code) for other in needed):
            continue
        department = Unit(code, plan["name"], "department", agency, jobs=[(job, n) for job, n in plan["jobs"]])
        units[code] = department
        _plan_sections(units, department, _section_names(plan, agency.code), people, needed)


def _section_names(plan: dict[str, Any], agency: str) -> list[str]:
    if "sections" in plan:
        return list(plan["sections"])
    source = plan["sections_from"]
    return [source["pattern"].format(place=place) for place in read("units")["districts"][agency][source["places"]]]


def _plan_sections(units: dict[str, Unit], department: Unit, names: list[str], people: int, needed: set[str]) -> None:
    wanted = max(1, people // PEOPLE_PER_SECTION)
    codes = [f"{department.code}-{number:02}" for number in range(1, len(names) + 1)]
    kept = [
        (code, name)
        for number, (code, name) in enumerate(zip(codes, names, strict=True))
        if number < wanted or code in needed
    ]
    for number, (code, name) in enumerate(kept):
        share = people // len(kept) + (number < people % len(kept))
        units[code] = Unit(code, name, "section", department, size=share, jobs=department.jobs)


def _plan_teams(units: dict[str, Unit], teams: dict[str, list[tuple[str, int]]]) -> None:
    for code, parts in teams.items():
        section = units[code]
        for number, (name, size) in enumerate(parts, 1):
            units[f"{code}-{number:02}"] = Unit(
                f"{code}-{number:02}", name, "section", section, size=size, jobs=section.jobs
            )
        section.size = 0


def write_units(units: dict[str, Unit], chance: random.Random) -> None:
    """Store the units; each gets its `pk`, `path` and `depth`."""
    ids = public_ids(chance, len(units))
    for unit, pk in zip(units.values(), reserve_ids(OrgUnit, len(units)), strict=True):
        unit.pk, unit.depth = pk, unit.parent.depth + 1 if unit.parent else 0
        unit.path = f"{unit.parent.path if unit.parent else '/'}{pk}/"
    columns = "id public_id code name short_name kind parent_id path depth agency_id".split()  # noqa: SIM905
    copy_rows(OrgUnit, columns, (_row(unit, public_id) for unit, public_id in zip(units.values(), ids, strict=True)))


def _row(unit: Unit, public_id: str) -> list[Any]:
    parent = unit.parent.pk if unit.parent else None
    agency = unit.agency.pk if unit.agency else None
    return [unit.pk, public_id, unit.code, unit.name, unit.short_name, unit.kind, parent, unit.path, unit.depth, agency]
