"""Makes the units a file names and nobody knew: agencies under the organisation, other units under their agency."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from directory.models import Organisation, OrgUnit
from onboarding.hr_file.units import NewUnit

TOP_CODE = "ORG"


def make_units(wanted: dict[str, NewUnit]) -> list[int]:
    """Make those of `wanted` that staged jobs need, with their agencies; return their ids."""
    used = {code: wanted[code] for code in _codes_without_unit() if code in wanted}
    agencies = {unit.agency_code: wanted.get(unit.agency_code) for unit in used.values()}
    fresh = [agency for agency in agencies.values() if agency is not None]
    known = _store([(agency, None) for agency in fresh], OrgUnit.Kind.AGENCY)
    rest = [unit for code, unit in used.items() if code not in known]
    parents = {unit.code: unit for unit in OrgUnit.objects.filter(code__in={unit.agency_code for unit in rest})}
    made = _store([(unit, parents[unit.agency_code]) for unit in rest], OrgUnit.Kind.DEPARTMENT)
    return [unit.pk for unit in (*known.values(), *made.values())]


def _codes_without_unit() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT unit_code FROM import_job WHERE unit_id IS NULL ORDER BY 1")
        return [code for (code,) in cursor.fetchall()]


def _store(units: Iterable[tuple[NewUnit, OrgUnit | None]], kind: str) -> dict[str, OrgUnit]:
    """Store units under their parents (None: the organisation), then give each its path, which holds its own id."""
    units = list(units)
    if not units:
        return {}
    top = top_unit()
    made = [
        OrgUnit(
            code=unit.code, name=unit.name, kind=kind, parent=parent or top, path="", depth=(parent or top).depth + 1
        )
        for unit, parent in units
    ]
    OrgUnit.objects.bulk_create(made, batch_size=1000)
    for unit in made:
        assert unit.parent is not None
        unit.path = f"{unit.parent.path}{unit.pk}/"
        unit.agency_id = unit.pk if kind == OrgUnit.Kind.AGENCY else unit.parent.agency_id
    OrgUnit.objects.bulk_update(made, ["path", "agency"], batch_size=1000)
    return {unit.code: unit for unit in made}


def top_unit() -> OrgUnit:
    """Return the organisation itself, made now if there is none yet."""
    top = OrgUnit.objects.filter(parent__isnull=True, kind=OrgUnit.Kind.ORGANISATION).order_by("pk").first()
    if top is None:
        name = Organisation.load().name
        top = OrgUnit.objects.create(code=TOP_CODE, name=name, kind=OrgUnit.Kind.ORGANISATION, path="")
        top.path = f"/{top.pk}/"
        top.save(update_fields=["path"])
    return top
