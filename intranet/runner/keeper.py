"""Keeps one embedded server alive as long as anybody uses it.

Every user of the servers holds a shared lock. The keeper asks for the same lock alone, and when it gets it
nobody is left, whether they ended well or were killed, and the server stops.
"""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
import time
from pathlib import Path

from intranet.runner.locks import FileLock
from intranet.runner.servers import Postgres, Server, Valkey
from intranet.runner.state import State, StateError

USERS = "users"


class Keeper:
    """Runs one server until it is told to stop, the server dies, or its last user is gone."""

    def __init__(self, state: State, server: Server) -> None:
        self.state = state
        self.server = server
        self.stopping = False

    def run(self, *, wait: bool) -> int:
        """Keep the server; returns the exit status. With `wait`, stand by while another keeper does it."""
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        lock = FileLock(self.state.lock(self.server.name))
        while not lock.try_exclusive():
            if not wait or self.stopping:
                return 0
            time.sleep(0.3)
        try:
            self.server.prepare()
        except StateError as error:
            print(error, file=sys.stderr, flush=True)
            return 1
        return self._keep()

    def _keep(self) -> int:
        process = subprocess.Popen(
            self.server.command(),
            env=self.server.environment(),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            preexec_fn=self.server.setup(),
        )
        users = FileLock(self.state.lock(USERS))
        while process.poll() is None and not self.stopping and not users.try_exclusive():
            time.sleep(0.2)
        crashed = process.poll() is not None
        self._end(process)
        users.release()
        if crashed:
            print(f"{self.server.name} ended with status {process.returncode}", file=sys.stderr, flush=True)
        return 1 if crashed else 0

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        if process.poll() is not None:
            return
        process.send_signal(self.server.stop_signal)
        try:
            process.wait(3)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _stop(self, *_: object) -> None:
        self.stopping = True


def server_named(name: str, state: State, *, durable: bool = True) -> Server:
    """The embedded server of that name."""
    return Postgres(state, durable=durable) if name == "postgres" else Valkey(state)


def keeper_command(name: str, state: State, *, durable: bool = True, wait: bool = False) -> list[str]:
    """The command line of a keeper."""
    command = [sys.executable, "-m", "intranet.runner.keeper", name, "--state", str(state.root)]
    return command + ([] if durable else ["--no-fsync"]) + (["--wait"] if wait else [])


def main() -> int:
    """Read the command line and keep the server."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("server", choices=["postgres", "valkey"])
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--no-fsync", action="store_true")
    parser.add_argument("--wait", action="store_true")
    options = parser.parse_args()
    state = State(options.state)
    return Keeper(state, server_named(options.server, state, durable=not options.no_fsync)).run(wait=options.wait)


if __name__ == "__main__":
    sys.exit(main())
