"""The demo organisation in a database of its own, served by a process of its own: for tests that only look."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from intranet.runner.state import PROJECT_ROOT
from tests.databases import make_copy

NAME = "tunet_screens"


def make_town(folder: Path) -> dict[str, Any]:
    """Make the demo once for all parallel processes of a test run; return where its screens are."""
    told = folder / "town.json"
    with (folder / "town.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            make_copy(NAME)
            command = [sys.executable, "-c", "from tests.intranet.demo_places import make; make()"]
            done = subprocess.run(command, env=environment(folder), cwd=PROJECT_ROOT, capture_output=True, text=True)
            failed = {"failed": done.stdout[-2000:] + done.stderr[-4000:]}
            told.write_text(json.dumps(failed) if done.returncode else done.stdout.splitlines()[-1])
    places: dict[str, Any] = json.loads(told.read_text())
    assert "failed" not in places, places["failed"]
    return places


def environment(folder: Path) -> dict[str, str]:
    """The environment of programs that use the demo's database and pictures."""
    url = os.environ["DATABASE_URL"]
    own = url[: url.rindex("/") + 1] + NAME
    return os.environ | {"DATABASE_URL": own, "MEDIA_ROOT": str(folder / "town-media"), "LOG_LEVEL": "WARNING"}


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve the demo's pages from a process of its own; yields the address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "intranet.wsgi:application", "--no-control-socket", "--threads", "6"]
    command += ["--bind", f"127.0.0.1:{port}", "--log-level", "warning"]
    with (folder / f"town-{port}.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment(folder), cwd=PROJECT_ROOT, stdout=log, stderr=log)
    try:
        _await(f"http://127.0.0.1:{port}/healthz", process)
        yield f"http://localhost:{port}"
    finally:
        process.terminate()
        process.wait(20)


def _await(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert process.poll() is None, "the server of the demo ended"
        try:
            urlopen(address, timeout=5).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server of the demo does not answer")
