"""`manage.py up` as one uses it, without demo people."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.intranet.processes import Program, left_behind, wait_until

pytestmark = [pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc"), pytest.mark.slow]


def manage(folder: Path, *arguments: str, **environment: str) -> Program:
    return Program(
        [sys.executable, "manage.py", *arguments], TUNET_VAR=str(folder), TUNET_DEMO="0", NO_COLOR="1", **environment
    )


@pytest.fixture(scope="module")
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("var")


@pytest.fixture(scope="module")
def running(folder: Path, port: int) -> Iterator[Program]:
    with manage(folder, "up", PORT=str(port)) as program:
        program.wait_for("Ready after", timeout=180)
        yield program


def test_it_says_where_it_is_and_answers_there(running: Program, port: int) -> None:
    assert f"  http://localhost:{port}/" in running.lines
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10) as answer:
        assert answer.status == 200


def test_a_second_start_says_that_one_is_running(running: Program, folder: Path, port: int) -> None:
    with manage(folder, "up", PORT=str(port)) as second:
        assert second.wait(60) == 1
    assert f"Tunet is already running: http://localhost:{port}/" in second.output


def test_a_taken_port_is_named_with_a_way_out(running: Program, tmp_path: Path, port: int) -> None:
    with manage(tmp_path, "up", PORT=str(port)) as other:
        assert other.wait(60) == 1
    assert f"Port {port} is taken by another program. Choose another one: make run PORT={port + 1}" in other.output


def test_a_command_beside_it_uses_its_servers(running: Program, folder: Path) -> None:
    with manage(
        folder, "shell", "-c", "from django.db import connection as c; c.ensure_connection(); print('in')"
    ) as it:
        assert it.wait(60) == 0
    assert "in" in it.lines


def test_the_database_survives_a_power_cut(running: Program, folder: Path) -> None:
    sockets = folder / "pg"
    command = [sys.executable, "-c", f"import psycopg2; c = psycopg2.connect(host={str(sockets)!r}, user='tunet',"]
    command[-1] += " dbname='tunet').cursor(); c.execute('SHOW fsync'); print(c.fetchone()[0])"
    assert subprocess.run(command, capture_output=True, text=True).stdout.strip() == "on"


def test_a_killed_worker_starts_again(running: Program, folder: Path) -> None:
    os.kill(part(running, "intranet.celery:app worker"), signal.SIGKILL)
    running.wait_for("worker crashed on signal SIGKILL. It starts again in 0.5 s.")
    wait_until(lambda: part(running, "intranet.celery:app worker") > 0, 20)


def test_killed_it_leaves_nothing_behind(running: Program, folder: Path) -> None:
    running.process.kill()
    running.wait()
    wait_until(lambda: left_behind(str(folder)) == [], 15)


def test_a_senseless_port_is_refused(tmp_path: Path) -> None:
    with manage(tmp_path, "up", PORT="eighty") as program:
        assert program.wait(60) == 1
    assert "PORT must be a number from 1 to 65535, not 'eighty'." in program.output


def part(program: Program, words: str) -> int:
    """The process of the part with these words in its command line; 0 without one."""
    children = Path(f"/proc/{program.process.pid}/task/{program.process.pid}/children").read_text().split()
    for pid in children:
        if words in Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode():
            return int(pid)
    return 0
