"""A running Tunet of its own for a drill: started as `make run` starts it, ended with everything it started."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from intranet.runner.state import PROJECT_ROOT

MANAGE = [sys.executable, str(PROJECT_ROOT / "manage.py")]
READY_TIMEOUT = 900.0
FOREIGN = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "EMAIL_HOST")


def environment(state: Path, port: int, employees: int) -> dict[str, str]:
    """Return the environment of a Tunet whose state lies in `state`."""
    kept = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    # Whatever the hour is, everything goes at once.
    always = {"QUIET_HOURS": ""}
    return kept | always | {"TUNET_VAR": str(state), "PORT": str(port), "EMPLOYEES": str(employees)}


@contextmanager
def running_town(environ: dict[str, str], log: Path) -> Iterator[int]:
    """Start everything, wait until it serves, and end it again. Yields the supervisor's pid.

    Raises RuntimeError, with the end of the log, when it does not come up.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen([*MANAGE, "up"], env=environ, stdout=output, stderr=output, start_new_session=True)
    try:
        _await_ready(process, log)
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _await_ready(process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + READY_TIMEOUT
    while b"Ready after" not in log.read_bytes():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(log.read_text(errors="replace")[-3000:])
        time.sleep(0.2)


def workers_of(supervisor: int) -> list[int]:
    """Return the pids of the Celery worker that `supervisor` started: the worker itself and its children."""
    return part_of(supervisor, r"celery.* worker")


def part_of(supervisor: int, pattern: str) -> list[int]:
    """Return the pids of the part of `supervisor` whose command line matches, and of all it started in turn."""
    processes = list(_processes())
    found = [pid for pid, parent, command in processes if parent == supervisor and re.search(pattern, command)]
    for pid in found:
        found += [child for child, parent, _command in processes if parent == pid]
    return found


def _processes() -> list[tuple[int, int, str]]:
    listing = subprocess.run(
        ["ps", "-ww", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True
    ).stdout
    rows = [line.split(None, 2) for line in listing.splitlines()]
    return [(int(row[0]), int(row[1]), row[2]) for row in rows if len(row) == 3]


def free_port() -> int:
    """Return a port of the loopback that nobody uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
