"""The file to fill in: made-up people in units of this organisation, so that every row could be taken."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from core.clock import local_today
from core.text import fold
from directory.models import Employee, OrgUnit
from onboarding.hr_file.columns import REQUIRED

# First name, surname, title, percentage.
_PEOPLE = (
    ("Solveig", "Dahle", "Helsefagarbeider", "80"),
    ("Jonas", "Berg", "Konsulent", "100"),
    ("Aisha", "Ali", "Renholder", "62,5"),
)
# Numbers that nobody is likely to have; those that somebody has are passed over.
_FIRST_NUMBER = 99_000_001


def example_rows(viewer: Employee) -> Iterator[list[str]]:
    """Yield a few rows as HR would write them, by the columns that must be there. `viewer` gives the mail's domain."""
    deepest = (
        OrgUnit.objects.active().exclude(agency=None).select_related("agency", "leader").order_by("-depth", "code")
    )
    units = list(deepest[: len(_PEOPLE)]) or list(OrgUnit.objects.active().select_related("agency", "leader")[:1])
    domain = (viewer.email or "@oslo.example").rpartition("@")[2]
    today = local_today()
    starts = (today.replace(day=1) + datetime.timedelta(days=32)).replace(day=1)
    for place, (first, last, title, percentage) in enumerate(_PEOPLE if units else ()):
        unit = units[place % len(units)]
        agency = unit.agency or unit
        leader = unit.leader if unit.leader and unit.leader.is_active and not unit.leader.protected else None
        row = {
            "ansattnr": _free_number(place),
            "fornavn": first,
            "etternavn": last,
            "epost": f"{fold(first)}.{fold(last)}.{place + 1}@{domain}",
            "mobil": f"900 00 00{place + 1}",
            "virksomhetskode": agency.code,
            "virksomhet": agency.name,
            "enhetskode": unit.code,
            "enhet": unit.name,
            "stilling": title,
            "leder_ansattnr": (leader.employee_number or "") if leader else "",
            "startdato": starts.strftime("%d.%m.%Y"),
            "ansettelsestype": "Fast",
            "stillingsprosent": percentage,
            "skjermet": "N",
        }
        yield [row.get(name, "") for name in REQUIRED]


def _free_number(place: int) -> str:
    number = _FIRST_NUMBER + 100 * place
    while Employee.objects.filter(employee_number=str(number)).exists():
        number += 1
    return str(number)
