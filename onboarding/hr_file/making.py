"""Writes an HR file: of the organisation as it stands, and of new hires that could be real."""

from __future__ import annotations

import csv
import datetime
import random
from collections.abc import Iterator
from typing import Any

from core.clock import local_today
from core.text import fold
from directory.models import Employee, Employment, OrgUnit
from onboarding.hr_file import columns
from onboarding.hr_file.report import Writable

_FIRST = (
    "Amalie Aisha Bjørn Camilla Dag Elif Fatima Gunnar Hanna Ibrahim Jonas Khadija Lars Maria Noor Olav "
    "Petra Quynh Rune Sunniva Tuva Ulrik Vilde Wenche Yasmin Zahra Åse Øystein Mohamed Ingrid Emil Sara "
    "Jakub Nora "
)
FIRST_NAMES = _FIRST.split()
_LAST = (
    "Aas Berg Dahl Eide Farah Gundersen Hansen Iversen Johansen Khan Lie Moen Nguyen Olsen Pedersen "
    "Rashid Strand Thorsen Ulvestad Vik Warsame Ødegård Åsheim Nilsen Kowalska Ahmed Bakke Haugen Solberg "
    "Yilmaz "
)
LAST_NAMES = _LAST.split()
HEADINGS = (*columns.REQUIRED, *columns.OPTIONAL)

_FACTS = (
    "employee__employee_number employee__first_name employee__last_name employee__email "
    "employee__private_mobile unit__agency__code unit__agency__name unit__code unit__name title "
    "manager__employee_number start_date end_date kind percentage employee__protected workplace__name "
    "position_code employee__work_phone employee__language leave_until_date "
)
_FIELDS = _FACTS.split()


def write_hr_file(out: Writable, *, everybody: bool = True, new: int = 300, seed: int = 1) -> tuple[int, int]:
    """Write a file with all who work here (with `everybody`) and `new` hires; return how many rows of each.

    The same directory and `seed` give the same file, the public ids of nobody in it. Raises LookupError when there
    are no units to hire into.
    """
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow(HEADINGS)
    known = 0
    if everybody:
        for row in _present():
            writer.writerow(row)
            known += 1
    for row in _new_hires(new, random.Random(seed)):
        writer.writerow(row)
    return known, new


def _jobs() -> Any:
    open_jobs = Employment.objects.filter(source="file", employee__kind=Employee.Kind.PERSON)
    return open_jobs.exclude(employee__employee_number=None)


def _present() -> Iterator[list[str]]:
    """Every employment that lasts or is still to begin."""
    today = local_today()
    top = OrgUnit.objects.filter(parent__isnull=True).values_list("code", "name").first() or ("", "")
    lasting = _jobs().exclude(end_date__lt=today).order_by("employee__employee_number", "start_date", "pk")
    for row in lasting.values_list(*_FIELDS).iterator(chunk_size=2000):
        facts = dict(zip(_FIELDS, row, strict=True))
        facts["unit__agency__code"] = facts["unit__agency__code"] or top[0]
        facts["unit__agency__name"] = facts["unit__agency__name"] or top[1]
        facts["employee__protected"] = "J" if facts["employee__protected"] else "N"
        yield [_cell(facts[name]) for name in _FIELDS]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def _new_hires(count: int, chance: random.Random) -> Iterator[list[str]]:
    """People nobody knew, each in a post like one that exists: same unit, title and leader."""
    if not count:
        return
    models = _posts_to_copy(chance)
    number, taken = _free_number(), set(Employee.objects.exclude(email=None).values_list("email", flat=True))
    for place in range(count):
        agency, agency_name, code, unit, title, manager, workplace, position = models[place % len(models)]
        first, last = chance.choice(FIRST_NAMES), chance.choice(LAST_NAMES)
        email = _free_email(first, last, taken)
        facts = dict.fromkeys(HEADINGS, "") | {
            "ansattnr": str(number + place),
            "fornavn": first,
            "etternavn": last,
            "epost": email,
            "mobil": f"4{chance.randrange(10**7):07}",
            "virksomhetskode": agency,
            "virksomhet": agency_name,
            "enhetskode": code,
            "enhet": unit,
            "stilling": title,
            "leder_ansattnr": manager or "",
            "startdato": local_today().isoformat(),
            "ansettelsestype": "Fast",
            "stillingsprosent": chance.choice(["100", "100", "80", "62,5"]),
            "skjermet": "N",
            "arbeidssted": workplace or "",
            "stillingskode": position,
            "malform": "nb",
        }
        yield [facts[name] for name in HEADINGS]


def _posts_to_copy(chance: random.Random) -> list[tuple[str, ...]]:
    unit = ("unit__agency__code", "unit__agency__name", "unit__code", "unit__name")
    fields = (*unit, "title", "manager__employee_number", "workplace__name", "position_code")
    jobs = _jobs().current().filter(unit__ended_date=None).exclude(unit__agency=None).exclude(manager=None)
    rows = list(jobs.order_by("pk").values_list(*fields)[:20_000])
    if not rows:
        raise LookupError("There are no posts yet to hire into: make the demo people first.")
    chance.shuffle(rows)
    return rows


def _free_number() -> int:
    numbers = Employee.objects.exclude(employee_number=None).values_list("employee_number", flat=True)
    return max((int(number) for number in numbers if len(number) < 10), default=100_000) + 1


def _free_email(first: str, last: str, taken: set[str]) -> str:
    domain = next((email.rpartition("@")[2] for email in taken), "oslo.example")
    name = f"{fold(first)}.{fold(last)}"
    email, more = f"{name}@{domain}", 2
    while email in taken:
        email, more = f"{name}{more}@{domain}", more + 1
    taken.add(email)
    return email
