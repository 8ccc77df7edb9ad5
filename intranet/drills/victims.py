"""What a drill does to the processes of its own town: each named by pid, nothing found by name alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from redis import Redis

from intranet.drills.town import MANAGE, part_of
from intranet.runner.parts import celery_command, celery_environment

PARTS = {
    "worker": r"celery.* worker",
    "sweeper": r"manage\.py sweep",
    "web": r"gunicorn",
    "valkey": r"keeper valkey",
    "postgres": r"keeper postgres",
}
# The supervisor gives up a part that ends three times within a minute, and rightly so.
CALM = 31.0
BACK_WITHIN = 60.0
T = TypeVar("T")


class Victims:
    """The processes of the town under `supervisor`."""

    def __init__(self, supervisor: int) -> None:
        self.supervisor = supervisor
        self._struck_at: dict[str, float] = {}
        self._extra: list[subprocess.Popen[bytes]] = []

    def await_calm(self, *parts: str) -> None:
        """Wait until each part may be struck again without the supervisor giving it up."""
        last = max((self._struck_at.get(part, 0.0) for part in parts), default=0.0)
        time.sleep(max(0.0, last + CALM - time.monotonic()) if last else 0.0)

    def kill(self, *parts: str) -> None:
        """End the processes of these parts with SIGKILL, the servers and not their keepers."""
        pids = [pid for part in parts for pid in self._pids(part)]
        for pid in pids:
            _signal(pid, signal.SIGKILL)
        self._struck_at |= dict.fromkeys(parts, time.monotonic())

    def stop_still(self, part: str) -> None:
        """Let a part stand still with SIGSTOP."""
        for pid in self._pids(part):
            _signal(pid, signal.SIGSTOP)

    def take_away_redis(self) -> None:
        """End Redis, and let its keeper stand still, so that nobody starts it again before `bring_back_redis`."""
        keeper = part_of(self.supervisor, PARTS["valkey"])[0]
        _signal(keeper, signal.SIGSTOP)
        self.kill("valkey")

    def bring_back_redis(self) -> None:
        """Let its keeper notice: it ends, and the supervisor starts another with an empty Redis."""
        _signal(part_of(self.supervisor, PARTS["valkey"])[0], signal.SIGCONT)

    def restart_postgres(self) -> None:
        """Shut PostgreSQL down, sessions and all, and wait until its keeper has it back."""
        server = self._pids("postgres")[0]
        _signal(server, signal.SIGINT)
        self._struck_at["postgres"] = time.monotonic()
        deadline = time.monotonic() + BACK_WITHIN
        while _lives(server) and time.monotonic() < deadline:
            time.sleep(0.02)
        connection.close()
        patiently(connection.ensure_connection)

    def start_second_ones(self, folder: Path) -> None:
        """Start one more sweeper and one more scheduler beside those of the town."""
        log = (folder / "second.log").open("ab")
        beat = [*celery_command(), "beat", "--schedule", str(folder / "second-schedule"), "--pidfile="]
        for command, environ in (([*MANAGE, "sweep"], None), (beat, celery_environment())):
            self._extra.append(subprocess.Popen(command, env=environ, stdout=log, stderr=log))
        log.close()

    def end_second_ones(self) -> None:
        """End what `start_second_ones` started."""
        for process in self._extra:
            process.terminate()
        for process in self._extra:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
        self._extra.clear()

    def _pids(self, part: str) -> list[int]:
        pids = part_of(self.supervisor, PARTS[part])
        if not pids:
            raise RuntimeError(f"no {part} runs under {self.supervisor}")
        # The first process of a server's part is its keeper, and the server the keeper's child.
        return pids[1:] if part in ("valkey", "postgres") else pids


def patiently(ask: Callable[[], T]) -> T:
    """Return what `ask` finds in the database, asking again while PostgreSQL is away. Raises after a minute."""
    deadline = time.monotonic() + BACK_WITHIN
    while True:
        try:
            return ask()
        except (DatabaseError, InterfaceError):
            connection.close()
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def redis() -> Redis:
    """The town's Redis."""
    return Redis.from_url(settings.REDIS_URL, socket_timeout=5)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        print(f"process {pid} was gone before it could be struck", file=sys.stderr)
