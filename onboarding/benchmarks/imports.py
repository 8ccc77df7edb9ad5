"""What bringing in HR's file takes: the first time, the same file again, and how much memory."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction

from core.benchmarks import Benchmark, add_benchmark
from directory.models import Employee, OrgUnit
from onboarding.hr_file.columns import REQUIRED
from onboarding.imports.actions import import_file
from onboarding.models import ImportRun

ROWS = 50_000
FEW = ROWS // 10
UNITS = 500
AT_MOST_FIRST = 60.0
AT_MOST_AGAIN = 20.0
AGENCY = "BENCH"


@dataclass(frozen=True)
class Files:
    """A file as HR's, of people, units and jobs nobody knows, and one of a tenth as many."""

    many: bytes
    few: bytes


def prepare(scale: float) -> Files:
    """Write the files."""
    rows = max(FEW // 100, round(ROWS * scale))
    return Files(_file(rows), _file(rows // 10))


def prepare_known(scale: float) -> Files:
    """Bring the file in, so that it says nothing new."""
    files = prepare(scale)
    if not OrgUnit.objects.filter(code=AGENCY).exists():
        _bring_in(files.many)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return files


def first_time(files: Files) -> None:
    """Bring in units, people, jobs and what follows from them; then take it all away again."""
    _and_away(lambda: _bring_in(files.many))


def same_again(files: Files) -> None:
    """Bring in, as everyone of that agency, what is known already."""
    people = _last_written(Employee._meta.db_table)
    scope = OrgUnit.objects.get(code=AGENCY)
    run = import_file(actor=None, file=io.BytesIO(files.many), file_name="bench.csv", is_delta=False, scope=scope)
    if run.summary["written"] or _last_written(Employee._meta.db_table) != people:
        raise RuntimeError(f"the same file again wrote {run.summary['written']} rows")


def memory_of_many(files: Files) -> float:
    """Return the most memory, in MB, that the process held while it brought in the file."""
    return _peak(lambda: first_time(files))


def memory_of_few(files: Files) -> float:
    """Return the same for a tenth of the rows."""
    return _peak(lambda: _and_away(lambda: _bring_in(files.few)))


def _bring_in(data: bytes) -> None:
    run = import_file(
        actor=None, file=io.BytesIO(data), file_name="bench.csv", is_delta=True, creates_units=True
    )  # fmt: skip
    if run.state != ImportRun.State.APPLIED:
        raise RuntimeError(f"the file was {run.state}: {run.summary}")


def _and_away(work: Callable[[], None]) -> None:
    with transaction.atomic():
        work()
        with connection.cursor() as cursor:
            # What else would be looked over when it is kept.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)


def _file(rows: int) -> bytes:
    lines = [";".join(REQUIRED)]
    for place in range(rows):
        unit, number = place % UNITS, 70_000_000 + place
        manager = "" if place < UNITS else str(70_000_000 + unit)
        lines.append(
            f"{number};Fornavn{_letters(place % 997)};Etternavn{_letters(place % 4999)};p{number}@oslo.example;"
            f"9{number % 10_000_000:07};{AGENCY};Målt etat;{AGENCY}-{unit:03};Målt enhet {_letters(unit)};"
            f"Stilling {_letters(place % 80)};{manager};2024-01-15;;Fast;{50 + place % 6 * 10};N"
        )
    return ("\n".join(lines) + "\n").encode()


def _letters(number: int) -> str:
    text = ""
    while number or not text:
        number, rest = divmod(number, 26)
        text = chr(ord("a") + rest) + text
    return text


def _last_written(table: str) -> list[str]:
    """The newest version of any row of the table, which a write moves on."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT max(xmin::text::bigint), count(*) FROM {table}")  # noqa: S608
        return [str(value) for value in cursor.fetchone()]


def _peak(work: Callable[[], None]) -> float:
    Path("/proc/self/clear_refs").write_text("5")
    work()
    status = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM:"))


add_benchmark(
    Benchmark(
        "onboarding.first_import_vs_60_s",
        prepare,
        first_time,
        lambda files: AT_MOST_FIRST,
        goal=1.0,
        says="A first file of 50,000 people with 500 units and their jobs, into an organisation of 50,000.",
    )
)
add_benchmark(
    Benchmark(
        "onboarding.import_memory",
        prepare,
        memory_of_many,
        memory_of_few,
        goal=1.5,
        unit="MB",
        says="The most memory held while 50,000 rows are brought in, beside 5,000 rows.",
    )
)
add_benchmark(
    Benchmark(
        "onboarding.same_import_vs_20_s",
        prepare_known,
        same_again,
        lambda files: AT_MOST_AGAIN,
        goal=1.0,
        says="The same file again, as everyone of the agency: nothing written to any person.",
    )
)
