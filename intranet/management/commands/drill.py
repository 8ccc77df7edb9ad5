"""Break things at full size: `manage.py drill --scale 1` (or `make drill ONLY=announcements SCALE=0.1`)."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from intranet.drills.announcements import run_announcements
from intranet.drills.clock_faults import environment_for_clock, run_clock_faults
from intranet.drills.mail_outage import run_mail_outage
from intranet.drills.main_job import run_main_job
from intranet.drills.promises import DrillFailed
from intranet.drills.push_faults import environment_for_push, run_push_faults
from intranet.drills.redis_outage import run_redis_outage
from intranet.drills.slow_readers import run_slow_readers
from intranet.drills.town import MANAGE, environment, free_port, running_town

EMPLOYEES = 50_000
FEWEST = 600
RUNS: dict[str, Callable[..., None]] = {
    "main_job": run_main_job,
    "announcements": run_announcements,
    "mail": run_mail_outage,
    "redis": run_redis_outage,
    "push": run_push_faults,
    "clock": run_clock_faults,
    "slow": run_slow_readers,
}
# What a drill's Tunet has in its environment beside what every other has, made anew in the folder of its state.
ENVIRONMENTS: dict[str, Callable[[Path], dict[str, str]]] = {
    "push": environment_for_push,
    "clock": environment_for_clock,
}


class Command(BaseCommand):
    help = (
        "Start a Tunet of its own under var/drill, do in it what the drill is about while things break, and check "
        f"that nobody is missed and nobody is told twice. The drills: {', '.join(RUNS)}."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--only", default="", help="one drill; or one fault of it: announcements.worker")
        parser.add_argument("--scale", type=float, default=1.0, help="1 is 50,000 employees (default: 1)")
        parser.add_argument(
            "--inside", nargs=3, metavar=("DRILL", "PORT", "PID"), help="what the drill calls itself with"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        employees = max(FEWEST, round(EMPLOYEES * options["scale"]))
        only, _, fault = options["only"].partition(".")
        if options["inside"]:
            self._inside(*options["inside"], employees=employees, fault=fault)
            return
        chosen = [drill for drill in RUNS if drill.startswith(only)]
        if not chosen:
            raise CommandError(f"The drills are {', '.join(RUNS)}; there is no {only!r}.")
        failed = [drill for drill in chosen if not self._passes(drill, employees, options)]
        if failed:
            raise CommandError(f"Failed: {', '.join(failed)}. The log is {self._state(failed[-1]) / 'up.log'}.")
        self.stdout.write("all drills passed")

    def _state(self, drill: str) -> Path:
        return Path(settings.STATE_DIR) / "drill" / drill

    def _passes(self, drill: str, employees: int, options: dict[str, Any]) -> bool:
        """Run one drill in a fresh Tunet and return whether it passed."""
        state, port = self._state(drill), free_port()
        # The main job's people are all of the demo; the others' are added in bulk.
        environ = environment(state, port, employees if drill == "main_job" else FEWEST)
        if drill != "main_job":
            environ |= {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(free_port())}
        shutil.rmtree(state, ignore_errors=True)
        if drill in ENVIRONMENTS:
            environ |= ENVIRONMENTS[drill](state)
        began = time.monotonic()
        with running_town(environ, state / "up.log") as supervisor:
            self._say(f"{drill}: a Tunet of its own is up after {time.monotonic() - began:.0f} s")
            inside = [*MANAGE, "drill", "--inside", drill, str(port), str(supervisor)]
            inside += ["--scale", str(options["scale"]), "--only", options["only"]]
            return not subprocess.run(inside, env=environ, check=False).returncode

    def _inside(self, drill: str, port: str, supervisor: str, *, employees: int, fault: str) -> None:
        place: dict[str, Any] = {"port": int(port), "supervisor": int(supervisor), "say": self._say}
        place["folder"] = Path(settings.STATE_DIR)
        if drill != "main_job":
            place["employees"] = employees
        if drill == "announcements":
            place["only"] = fault
        try:
            RUNS[drill](**place)
        except DrillFailed as error:
            raise CommandError(str(error)) from error

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
