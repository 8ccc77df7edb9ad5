"""Break things at full size: `manage.py drill --scale 1` (or `make drill SCALE=0.1`)."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from intranet.drills.main_job import DrillFailed, run_main_job
from intranet.drills.town import MANAGE, environment, free_port, running_town

EMPLOYEES = 50_000
FEWEST = 600


class Command(BaseCommand):
    help = (
        "Start a Tunet of its own under var/drill, do the main job in it with faults, and check that nobody is missed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--only", default="", help="kept for drills to come")
        parser.add_argument("--scale", type=float, default=1.0, help="1 is 50,000 employees (default: 1)")
        parser.add_argument(
            "--inside", nargs=2, type=int, metavar=("PORT", "PID"), help="what the drill calls itself with"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["inside"]:
            self._inside(*options["inside"])
            return
        state = Path(settings.STATE_DIR) / "drill"
        employees, port = max(FEWEST, round(EMPLOYEES * options["scale"])), free_port()
        environ = environment(state, port, employees)
        shutil.rmtree(state, ignore_errors=True)
        began = time.monotonic()
        with running_town(environ, state / "up.log") as supervisor:
            self.stdout.write(f"Tunet with {employees} employees is up after {time.monotonic() - began:.0f} s")
            inside = [*MANAGE, "drill", "--inside", str(port), str(supervisor)]
            if subprocess.run(inside, env=environ, check=False).returncode:
                raise CommandError(f"The drill failed; the log of its Tunet is {state / 'up.log'}.")
        self.stdout.write("the drill passed")

    def _inside(self, port: int, supervisor: int) -> None:
        try:
            run_main_job(port=port, supervisor=supervisor, folder=Path(settings.STATE_DIR), say=self._say)
        except DrillFailed as error:
            raise CommandError(str(error)) from error

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
