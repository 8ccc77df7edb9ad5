"""A person and one job as the row a file would have, and back."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from directory.models import Employee, Employment
from onboarding.hr_file.columns import REQUIRED

# What the form speaks of: the columns of a file and of the optional ones those it can show.
COLUMNS = [*REQUIRED, "arbeidssted", "stillingskode", "jobbtelefon", "permisjon_til"]
# What makes it another job: the one there was ends, and a new one begins.
_ANOTHER_JOB = ("enhetskode", "stilling")


def row_of(person: Employee, job: Employment) -> dict[str, str]:
    """Return what stands, as a row."""
    agency = job.unit.agency or job.unit
    return {
        "ansattnr": person.employee_number or "",
        "fornavn": person.first_name,
        "etternavn": person.last_name,
        "epost": person.email or "",
        "mobil": person.private_mobile,
        "virksomhetskode": agency.code,
        "virksomhet": agency.name,
        "enhetskode": job.unit.code,
        "enhet": job.unit.name,
        "stilling": job.title,
        "leder_ansattnr": (job.manager.employee_number or "") if job.manager else "",
        "startdato": job.start_date.isoformat(),
        "sluttdato": job.end_date.isoformat() if job.end_date else "",
        "ansettelsestype": job.kind,
        "stillingsprosent": f"{job.percentage.normalize():f}",
        "skjermet": "J" if person.protected else "N",
        "arbeidssted": job.workplace.name if job.workplace else "",
        "stillingskode": job.position_code,
        "jobbtelefon": person.work_phone,
        "permisjon_til": job.leave_until_date.isoformat() if job.leave_until_date else "",
    }


def rows_to_store(wanted: dict[str, str], stands: dict[str, str] | None) -> Iterator[dict[str, str]]:
    """The rows that make of what `stands` what is `wanted`: two where it is another job from a day on."""
    if stands and is_another_job(wanted, stands):
        last_day = datetime.date.fromisoformat(wanted["startdato"]) - datetime.timedelta(days=1)
        person = {name: wanted[name] for name in ("fornavn", "etternavn", "epost", "mobil", "skjermet", "jobbtelefon")}
        yield stands | person | {"sluttdato": last_day.isoformat()}
        yield wanted | {"stillingskode": ""}
    else:
        yield wanted


def is_another_job(wanted: dict[str, str], stands: dict[str, str]) -> bool:
    """Whether unit or title is another than before."""
    return any(wanted[name] != stands[name] for name in _ANOTHER_JOB)
