"""Starts the parts in order, keeps them running, ends them together."""

from __future__ import annotations

import os
import re
import selectors
import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import FrameType

from intranet.runner.log import Log
from intranet.runner.process import child_setup
from intranet.runner.state import PROJECT_ROOT


@dataclass(frozen=True)
class Patience:
    """How long the supervisor waits, and how many crashes it bears."""

    crash_limit: int = 3
    crash_window: float = 60.0
    first_pause: float = 0.5
    pause_factor: float = 4.0
    stop_timeout: float = 1.5
    server_stop_timeout: float = 4.0
    ready_timeout: float = 60.0


class Stopped(BaseException):
    """Somebody asked us to end: Ctrl-C or SIGTERM."""


class GaveUp(Exception):
    """A part cannot be kept running; the text says which and why."""


@dataclass
class Part:
    """A process to keep running.

    Those of `others_need_it` are ended after all the rest. Lines that match `noise` stay out of the log.
    """

    name: str
    command: list[str]
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    is_ready: Callable[[], bool] | None = None
    others_need_it: bool = False
    noise: re.Pattern[str] | None = None


class Child:
    """A part and the process that runs it now."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.process: subprocess.Popen[bytes] | None = None
        self.unfinished_line = b""
        self.last_lines: deque[str] = deque(maxlen=12)
        self.crashed_at: list[float] = []
        self.restart_at: float | None = None

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def signal(self, number: signal.Signals) -> None:
        """Tell the process itself, which passes it on as it sees fit."""
        if self.process is not None and self.alive:
            self.process.send_signal(number)

    def kill_group(self) -> None:
        """End the process and all that it started and did not put into a session of their own."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                pass  # nobody left (macOS says EPERM when only zombies are)


class Supervisor:
    """Runs parts under one log. Use as a context manager: leaving it ends every part."""

    def __init__(self, log: Log, patience: Patience | None = None) -> None:
        self.log = log
        self.patience = patience or Patience()
        self.children: list[Child] = []
        self._selector = selectors.DefaultSelector()
        self._asked_to_stop = False

    def __enter__(self) -> Supervisor:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, *parts: Part) -> None:
        """Start the parts side by side and wait until all are ready. Raises GaveUp."""
        fresh = [Child(part) for part in parts]
        self.children += fresh
        for child in fresh:
            self._spawn(child)
        deadline = time.monotonic() + self.patience.ready_timeout
        waiting = fresh
        while waiting := [child for child in waiting if not self._is_ready(child)]:
            if time.monotonic() > deadline:
                raise GaveUp(f"{waiting[0].part.name} was not ready in {self.patience.ready_timeout:.0f} s.")
            self.step(0.05)

    def run_once(self, name: str, command: list[str]) -> None:
        """Run a command to its end, its lines in the log. Raises GaveUp when it fails."""
        child = Child(Part(name, command))
        self.children.append(child)
        self._spawn(child)
        while child.alive:
            self._pump(0.2)
        self._pump(0)
        self._close_output(child)
        self.children.remove(child)
        if child.process is not None and child.process.returncode:
            raise GaveUp(self._reason(child, "failed"))

    def watch(self) -> None:
        """Keep all parts running until somebody stops us. Raises GaveUp."""
        while True:
            self.step(0.5)

    def step(self, timeout: float) -> None:
        """Pass on what the parts write, and restart the crashed whose pause is over."""
        self._pump(timeout)
        for child in self.children:
            if child.restart_at is None and not child.alive:
                self._note_crash(child)
            elif child.restart_at is not None and time.monotonic() >= child.restart_at:
                self._spawn(child)

    def stop(self) -> None:
        """End every part: politely, then by force; first those that need the others."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        last = [child for child in self.children if child.part.others_need_it]
        self._stop_these([child for child in self.children if child not in last], self.patience.stop_timeout)
        self._stop_these(last, self.patience.server_stop_timeout)

    def _spawn(self, child: Child) -> None:
        child.restart_at = None
        child.process = subprocess.Popen(
            child.part.command,
            env=dict(child.part.environment),
            cwd=PROJECT_ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches us alone, and we end the parts in order
            preexec_fn=child_setup(),
        )
        assert child.process.stdout is not None  # we asked for a pipe
        os.set_blocking(child.process.stdout.fileno(), False)
        self._selector.register(child.process.stdout, selectors.EVENT_READ, child)

    def _is_ready(self, child: Child) -> bool:
        return child.alive and (child.part.is_ready is None or child.part.is_ready())

    def _note_crash(self, child: Child) -> None:
        self._close_output(child)
        child.kill_group()  # what the dead one left behind would hold its sockets
        bears, now = self.patience, time.monotonic()
        recent = [moment for moment in child.crashed_at if now - moment < bears.crash_window]
        child.crashed_at = [*recent, now]
        if len(child.crashed_at) >= bears.crash_limit:
            raise GaveUp(self._reason(child, f"crashed {bears.crash_limit} times in {bears.crash_window:.0f} s, last"))
        pause = bears.first_pause * bears.pause_factor ** len(recent)
        child.restart_at = now + pause
        self.log.line("tunet", f"{self._reason(child, 'crashed', lines=False)} It starts again in {pause:g} s.")

    def _reason(self, child: Child, verb: str, *, lines: bool = True) -> str:
        status = child.process.returncode if child.process else 0
        how = f"on signal {signal.Signals(-status).name}" if status < 0 else f"with status {status}"
        text = f"{child.part.name} {verb} {how}."
        return "\n".join([text, *child.last_lines]) if lines and child.last_lines else text

    def _pump(self, timeout: float) -> None:
        if not self._selector.get_map():
            time.sleep(timeout)
        for key, _ in self._selector.select(timeout):
            self._read(key.data)

    def _read(self, child: Child) -> bool:
        """Pass on one chunk; False at the end of the output or when there is nothing just now."""
        if child.process is None or child.process.stdout is None or child.process.stdout.closed:
            return False
        try:
            chunk = os.read(child.process.stdout.fileno(), 65536)
        except BlockingIOError:
            return False
        if not chunk:
            self._selector.unregister(child.process.stdout)
            child.process.stdout.close()
            return False
        *lines, child.unfinished_line = (child.unfinished_line + chunk).split(b"\n")
        for line in lines:
            self._say(child, line)
        return True

    def _say(self, child: Child, line: bytes) -> None:
        text = line.decode("utf-8", "replace").rstrip()
        if text and not (child.part.noise and child.part.noise.search(text)):
            child.last_lines.append(text)
            self.log.line(child.part.name, text)

    def _close_output(self, child: Child) -> None:
        while self._read(child):
            pass
        if child.unfinished_line:
            self._say(child, child.unfinished_line)
            child.unfinished_line = b""
        if child.process and child.process.stdout and not child.process.stdout.closed:
            self._selector.unregister(child.process.stdout)
            child.process.stdout.close()

    def _stop_these(self, children: list[Child], timeout: float) -> None:
        for child in children:
            child.signal(signal.SIGTERM)
        deadline = time.monotonic() + timeout
        while any(child.alive for child in children) and time.monotonic() < deadline:
            self._pump(0.05)
        for child in children:
            child.kill_group()
            if child.process is not None:
                child.process.wait()
            self._close_output(child)

    def _on_signal(self, number: int, _: FrameType | None) -> None:
        if not self._asked_to_stop:  # a second Ctrl-C must not disturb the ending
            self._asked_to_stop = True
            raise Stopped(signal.Signals(number).name)
