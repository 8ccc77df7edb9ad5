"""Programs that tests start: their output while they run, and what is left when they are gone."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

from intranet.runner.state import PROJECT_ROOT

INHERITED = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "PYTEST_VERSION", "PYTEST_XDIST_WORKER", "PYTEST_CURRENT_TEST")


class Program:
    """A program and all that it has written. Use as a context manager: it does not outlive the test."""

    def __init__(self, command: list[str], **environment: str) -> None:
        clean = {name: value for name, value in os.environ.items() if name not in INHERITED}
        self.process = subprocess.Popen(
            command,
            cwd=PROJECT_ROOT,
            env=clean | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Program:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self._reader.join(5)

    @property
    def output(self) -> str:
        return "\n".join(self.lines)

    def wait(self, timeout: float = 30) -> int:
        """Wait for the end and the last line; returns the exit status."""
        status = self.process.wait(timeout)
        self._reader.join(5)
        return status

    def wait_for(self, text: str, *, times: int = 1, timeout: float = 30) -> None:
        """Wait until a text has been written so many times. Raises AssertionError."""
        wait_until(lambda: self.output.count(text) >= times or self.process.poll() is not None, timeout)
        self._reader.join(0.2 if self.process.poll() is None else 5)
        assert self.output.count(text) >= times, f"no {text!r} in:\n{self.output}"

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as stream:
            for line in stream:
                self.lines.append(line.rstrip("\n"))


def wait_until(condition: Callable[[], bool], timeout: float = 20) -> None:
    """Wait until a condition holds. Raises AssertionError."""
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def left_behind(mark: str) -> list[str]:
    """The command lines of living processes that have a text in their command line or environment (Linux)."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
            environment = (folder / "environ").read_bytes().decode("utf-8", "replace")
            zombie = (folder / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
        except OSError:
            continue
        if int(folder.name) != os.getpid() and not zombie and (mark in command or mark in environment):
            found.append(f"{folder.name} {command}")
    return found
