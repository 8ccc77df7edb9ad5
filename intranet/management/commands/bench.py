"""Measure: `manage.py bench --only announcements --scale 0.1` (or `make bench ONLY=… SCALE=…`)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from django.utils.module_loading import autodiscover_modules

from core.benchmarks import benchmarks, curves
from directory.models import Employee
from intranet.bench import served, streams
from intranet.bench.crowd import fill_up
from intranet.bench.running import Result, run, run_curve, table
from intranet.celery import app
from intranet.demo.seed import AlreadySeeded, moment_of, seed
from intranet.services import celery_url

EMPLOYEES = 50_000
FEWEST = 300
# What is enqueued here is for nobody: a Redis database that no worker reads.
QUEUE_OF_NOBODY = 63


class Command(BaseCommand):
    help = "Run the benchmarks in a database of their own and write var/bench/results.json."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--only", default="", help="only those whose name begins so")
        parser.add_argument("--scale", type=float, default=1.0, help="1 is 50,000 employees (default: 1)")
        parser.add_argument("--inside", type=int, metavar="PORT", help="what it calls itself with, in a running Tunet")

    def handle(self, *args: Any, **options: Any) -> None:
        only, scale = options["only"], options["scale"]
        if options["inside"]:
            self.stdout.write(json.dumps(self._inside(only, scale, options["inside"])))
            return
        autodiscover_modules("benchmarks")
        results = self._in_this_process(only, scale)
        results += served.run(only, scale, self.stderr.write) + streams.run(only, scale, self.stderr.write)
        self.stdout.write(
            "Medians of five, ours and the base in turn; requests at the WSGI handler in this process, "
            "and those of a running Tunet at the address said below."
        )
        self.stdout.write(table(results))
        path = settings.STATE_DIR / "bench" / "results.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps([result.as_json() for result in results], indent=2) + "\n")
        self.stdout.write(f"written to {path}")

    def _inside(self, only: str, scale: float, port: int) -> list[dict[str, Any]]:
        if only == "live":
            return streams.measure(scale, port, self.stderr.write)
        return served.measure(only, scale, port, self.stderr.write)

    def _in_this_process(self, only: str, scale: float) -> list[Result]:
        settings.ROOT_URLCONF, settings.QUIET_HOURS = "intranet.bench.floor", ""
        app.conf.update(broker_url=celery_url(settings.REDIS_URL, QUEUE_OF_NOBODY))
        call_command("collectstatic", verbosity=0, interactive=False)
        results = []
        if pairs := [one for name, one in benchmarks.items() if name.startswith(only)]:
            employees = max(FEWEST, round(EMPLOYEES * scale))
            results += self._in_own_database(employees, pairs, lambda one: run(one, scale))
        if chosen := [one for name, one in curves.items() if name.startswith(only)]:
            results += self._in_own_database(FEWEST, chosen, lambda one: run_curve(one, scale, grow))
        return results

    def _in_own_database(self, employees: int, chosen: list[Any], measure: Callable[[Any], Result]) -> list[Result]:
        name = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            self._fill(employees)
            results = []
            for one in chosen:
                self.stderr.write(f"{one.name} …")
                results.append(measure(one))
            return results
        finally:
            connection.creation.destroy_test_db(name, verbosity=0)

    def _fill(self, employees: int) -> None:
        try:
            seed(employees=employees, seed_number=1, now=moment_of(None), say=self.stderr.write, photos=False)
        except AlreadySeeded:
            self.stderr.write("the people of the last run are still there")


def grow(wanted: int) -> int:
    """Let the organisation grow to `wanted` people, each with an e-mail address; return how many work there now."""
    fill_up(wanted, with_email=wanted)
    return int(Employee.objects.active().count())
