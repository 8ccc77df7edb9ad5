"""A file as HR would send it: the organisation as it stands, and some who are new."""

from __future__ import annotations

import sys
from argparse import BooleanOptionalAction
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from onboarding.hr_file.making import write_hr_file


class Command(BaseCommand):
    help = "Write the present organisation as a full HR file, and new hires in its units after it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--employees-from-database",
            action=BooleanOptionalAction,
            default=True,
            help="write everybody who works here (without it: only the new ones, as a delta)",
        )
        parser.add_argument("--new", type=int, default=300, metavar="N", help="how many new hires (default 300)")
        parser.add_argument("--out", type=Path, metavar="FILE", help="where to write (default: standard output)")
        parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same new hires")

    def handle(self, *args: Any, **options: Any) -> None:
        out: Path | None = options["out"]
        opened = nullcontext(sys.stdout) if out is None else out.open("w", encoding="utf-8", newline="")
        with opened as file:
            try:
                known, new = write_hr_file(
                    file, everybody=options["employees_from_database"], new=options["new"], seed=options["seed"]
                )
            except LookupError as error:
                raise CommandError(str(error)) from error
        self.stderr.write(f"{known} rows of those who work here, {new} new hires.")
