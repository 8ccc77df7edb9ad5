"""What a mapped file does not speak of, taken from what stands: a column that is missing takes nothing away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

from core.text import fold
from directory.models import Employee, Employment
from onboarding.hr_file.columns import REQUIRED
from onboarding.hr_file.known import KnownUnits
from onboarding.hr_file.rows import RawRow
from onboarding.imports.copying import batched
from onboarding.one_person.rows import row_of

BATCH = 1_000


def absent_from(names: Collection[str]) -> list[str]:
    """Return the columns of HR's file that are not among `names`."""
    return [name for name in REQUIRED if name not in names]


def complete_rows(rows: Iterable[RawRow], absent: Sequence[str], by: Employee | None) -> Iterator[RawRow]:
    """Give each row, for the `absent` columns, what stands of the job it speaks of; a unit by its name alone its code.

    Of people whom `by` may not find nothing is taken.
    """
    units = KnownUnits.load()
    for some in batched(rows, BATCH):
        jobs = _jobs_of({_digits(row) for row in some}, by)
        for row in some:
            _place(row, units, absent)
            job = _job_meant(row, jobs.get(_digits(row), []), absent)
            if job:
                stands = row_of(job.employee, job)
                row.values |= {name: stands[name] for name in absent if not row.values.get(name)}
            yield row


def _digits(row: RawRow) -> str:
    return "".join(sign for sign in row.values.get("ansattnr", "") if sign.isdecimal())


def _jobs_of(numbers: set[str], by: Employee | None) -> dict[str, list[Employment]]:
    jobs = Employment.objects.unended().filter(employee__employee_number__in=numbers)
    if by is not None and not by.has_role("hr"):
        jobs = jobs.filter(employee__in=Employee.objects.visible_to(by).values("pk"))
    found: defaultdict[str, list[Employment]] = defaultdict(list)
    fetched = jobs.select_related("employee", "unit__agency", "manager", "workplace")
    for job in fetched.order_by("-percentage", "start_date", "pk"):
        found[str(job.employee.employee_number)].append(job)
    return dict(found)


def _place(row: RawRow, units: KnownUnits, absent: Sequence[str]) -> None:
    values = row.values
    if "enhetskode" in absent and not values.get("enhetskode") and values.get("enhet"):
        called = units.named(values["enhet"], values.get("virksomhetskode", "").strip())
        if len(called) == 1:
            values["enhetskode"] = called[0].code
    unit = units.by_code.get(values.get("enhetskode", "").strip())
    if unit and "virksomhetskode" in absent:
        values["virksomhetskode"] = unit.agency_code


def _job_meant(row: RawRow, jobs: list[Employment], absent: Sequence[str]) -> Employment | None:
    here = [job for job in jobs if job.unit.code == row.values.get("enhetskode", "").strip()]
    if "stilling" not in absent and not row.is_same_job:
        here = [job for job in here if fold(job.title) == fold(row.values.get("stilling", ""))]
    return here[0] if here else None
