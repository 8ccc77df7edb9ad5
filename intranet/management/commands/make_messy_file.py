"""Write the demo's HR file with errors in it: `manage.py make_messy_file nyansatte-november.csv`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.clock import local_today
from directory.models import Employee, OrgUnit
from intranet.demo.messy_file import AGENCY, Surroundings, write_messy_file


class Command(BaseCommand):
    help = "Write an HR file with six errors, three doubts, one who returns and one who starts later. Stores nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with options["file"].open("w", encoding="utf-8-sig", newline="") as out:
                write_messy_file(out, _surroundings())
        except ValueError as error:
            raise CommandError(f"{error} Make the demo first: manage.py seed_demo.") from error
        self.stdout.write(f"Wrote {options['file']}.")


def _surroundings() -> Surroundings:
    sections = OrgUnit.objects.filter(agency__code=AGENCY[0], parent__kind="department", ended_date=None).order_by(
        "code"
    )
    numbers = Employee.objects.exclude(employee_number=None).values_list("employee_number", flat=True)
    return Surroundings(
        units=list(sections.values_list("code", "name")),
        leaders={
            code: number or "" for code, number in sections.values_list("code", "leader__employee_number") if number
        },
        today=local_today(),
        first_number=max((int(number) for number in numbers if len(number) < 10), default=310_000) + 1,
        taken_emails=set(Employee.objects.exclude(email=None).values_list("email", flat=True)),
    )
