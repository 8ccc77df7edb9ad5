"""The supervisor over real, tiny programs."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from tests.intranet.processes import Program, left_behind, wait_until

SLEEP = "sleep 60"


def supervised(*parts: str, pause: float = 0.1, **environment: str) -> Program:
    return Program([sys.executable, "-m", "tests.intranet.supervised", str(pause), *parts], **environment)


def test_lines_carry_the_name_of_their_part() -> None:
    with supervised("web=sh -c 'echo hello; sleep 60'", f"worker={SLEEP}") as program:
        program.wait_for("ready")
        program.wait_for("hello")
    assert any(line.endswith("web       | hello") for line in program.lines)


def test_a_crashed_part_starts_again_after_a_growing_pause() -> None:
    with supervised("web=sh -c 'echo up; exec sleep 61'", f"worker={SLEEP}") as program:
        for crash in (1, 2):
            program.wait_for("| up", times=crash)
            os.kill(child_of(program, "sleep 61"), signal.SIGKILL)
        program.wait_for("| up", times=3)
        assert "web crashed on signal SIGKILL. It starts again in 0.1 s." in program.output
        assert "It starts again in 0.2 s." in program.output


def test_three_crashes_in_a_minute_end_everything_with_the_reason() -> None:
    with supervised("web=sh -c 'echo cannot go on; exit 3'", f"worker={SLEEP}", MARK="three-crashes") as program:
        assert program.wait() == 1
    assert "gave up: web crashed 3 times in 60 s, last with status 3.\ncannot go on" in program.output
    assert left_behind("three-crashes") == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_asked_to_stop_it_ends_every_part(number: signal.Signals) -> None:
    with supervised(f"web={SLEEP}", f"worker={SLEEP}", MARK=f"asked-{number}") as program:
        program.wait_for("ready")
        began = time.monotonic()
        program.process.send_signal(number)
        assert program.wait() == 0
        assert time.monotonic() - began < 5
    assert f"stopped by {number.name}" in program.output
    assert left_behind(f"asked-{number}") == []


def test_a_part_that_does_not_listen_is_killed_with_its_children() -> None:
    stubborn = "web=sh -c 'trap : TERM; sleep 60 & while true; do sleep 1; done'"
    with supervised(stubborn, MARK="stubborn") as program:
        program.wait_for("ready")
        program.process.terminate()
        assert program.wait() == 0
    assert left_behind("stubborn") == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of their parent's death")
def test_a_killed_supervisor_leaves_nothing_behind() -> None:
    with supervised(f"web={SLEEP}", f"worker={SLEEP}", MARK="killed-supervisor") as program:
        program.wait_for("ready")
        program.process.kill()
        program.wait()
    wait_until(lambda: left_behind("killed-supervisor") == [], 15)


def child_of(program: Program, command: str) -> int:
    """The process among the program's children that runs this command."""
    children = Path(f"/proc/{program.process.pid}/task/{program.process.pid}/children").read_text().split()
    lines = {int(pid): Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode() for pid in children}
    return next(pid for pid, line in lines.items() if line.strip() == command)
