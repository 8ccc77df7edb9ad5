"""Make the demo organisation: `manage.py seed_demo --employees 2000 --seed 1`."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from intranet.demo.seed import AlreadySeeded, moment_of, seed


class Command(BaseCommand):
    help = "Fill an empty database with the demo organisation. The same numbers and date give the same people."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--employees", type=int, default=2000, help="how many work there (default: 2000)")
        parser.add_argument("--seed", type=int, default=1, help="another number, other people (default: 1)")
        parser.add_argument("--today", type=datetime.date.fromisoformat, help="the day it shows (default: now)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["employees"] < 300:
            raise CommandError("The hand-written day needs at least 300 employees.")
        now = moment_of(options["today"])
        try:
            seed(employees=options["employees"], seed_number=options["seed"], now=now, say=self.stdout.write)
        except AlreadySeeded:
            self.stdout.write("There are people already; nothing was changed. `make reset` empties the demo.")
