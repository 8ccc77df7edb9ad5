"""Run a command with servers made for tests: `manage.py test_env -- pytest tests/feed`."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from intranet.runner.locks import FileLock
from intranet.runner.process import child_setup
from intranet.runner.services import current_services


class Command(BaseCommand):
    help = (
        "Start PostgreSQL and Redis for tests in the state folder's `test`, run a command with them, return "
        "its exit status. They forget everything in a power cut, and never meet the data of `make run`."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("command_line", nargs=argparse.REMAINDER, help="what to run, after --")

    def handle(self, *args: Any, **options: Any) -> None:
        command: list[str] = options["command_line"]
        if command[:1] == ["--"]:
            command = command[1:]
        if not command:
            raise CommandError("What to run? For example: manage.py test_env -- pytest")
        lock = FileLock(current_services().state.lock("test"))
        self._wait_for(lock)
        settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # tests find their files where they lie
        sys.exit(run(command))

    def _wait_for(self, lock: FileLock) -> None:
        told = False
        while not lock.try_exclusive():
            if not told:
                self.stderr.write("Another test run uses this state folder; waiting. TUNET_VAR=… names another.")
                told = True
            time.sleep(0.5)


def run(command: list[str]) -> int:
    """Run the command to its end, passing on SIGTERM; returns its exit status as a shell would."""
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    try:
        process = subprocess.Popen(command, env=environment, preexec_fn=child_setup())
    except FileNotFoundError as error:
        raise CommandError(f"{command[0]} is not installed") from error
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal tells the command too, which decides
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    status = process.wait()
    return status if status >= 0 else 128 - status
