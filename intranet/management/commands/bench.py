"""Measure: `manage.py bench --only announcements --scale 0.1` (or `make bench ONLY=… SCALE=…`)."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from django.utils.module_loading import autodiscover_modules

from core.benchmarks import benchmarks
from intranet.bench.running import Result, run, table
from intranet.demo.seed import AlreadySeeded, moment_of, seed

EMPLOYEES = 50_000
FEWEST = 300


class Command(BaseCommand):
    help = "Run the benchmarks in a database of their own and write var/bench/results.json."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--only", default="", help="only those whose name begins so")
        parser.add_argument("--scale", type=float, default=1.0, help="1 is 50,000 employees (default: 1)")

    def handle(self, *args: Any, **options: Any) -> None:
        settings.ROOT_URLCONF = "intranet.bench.floor"
        autodiscover_modules("benchmarks")
        chosen = [one for name, one in benchmarks.items() if name.startswith(options["only"])]
        call_command("collectstatic", verbosity=0, interactive=False)
        results = self._in_own_database(chosen, options["scale"])
        self.stdout.write("Medians of five, ours and the base in turn; pages at the WSGI handler in this process.")
        self.stdout.write(table(results))
        path = settings.STATE_DIR / "bench" / "results.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps([result.as_json() for result in results], indent=2) + "\n")
        self.stdout.write(f"written to {path}")

    def _in_own_database(self, chosen: list[Any], scale: float) -> list[Result]:
        name = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
        try:
            self._fill(max(FEWEST, round(EMPLOYEES * scale)))
            results = []
            for one in chosen:
                self.stderr.write(f"{one.name} …")
                results.append(run(one, scale))
            return results
        finally:
            connection.creation.destroy_test_db(name, verbosity=0)

    def _fill(self, employees: int) -> None:
        try:
            seed(employees=employees, seed_number=1, now=moment_of(None), say=self.stderr.write, photos=False)
        except AlreadySeeded:
            self.stderr.write("the people of the last run are still there")
