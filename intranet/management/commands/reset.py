"""Delete what the demo stored: `make reset`."""

from __future__ import annotations

import shutil
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from intranet.runner.keeper import USERS
from intranet.runner.locks import FileLock
from intranet.runner.services import current_services

WAIT_SECONDS = 5.0
# The embedded database, pictures of every demo size, collected static files, secrets and schedules.
STORED = ("postgres", "postgres.new", "media*", "static", "*_key", "demo_size", "schedule*", "log", "test-media")


class Command(BaseCommand):
    help = "Delete the embedded database, the pictures and the secrets of the state folder. Asks nothing."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        state = current_services().state
        state.prepare()
        users = FileLock(state.lock(USERS))
        deadline = time.monotonic() + WAIT_SECONDS
        while not users.try_exclusive():
            if time.monotonic() > deadline:
                raise CommandError("Tunet, or one of its commands, is running. Stop it first.")
            time.sleep(0.1)
        for pattern in STORED:
            for path in state.root.glob(pattern):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        self.stdout.write(f"Deleted what {state.root} held. `make run` starts anew.")
