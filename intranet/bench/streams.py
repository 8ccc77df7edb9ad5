"""Very many open pages against a running Tunet: how soon all are let in, and how soon all hear of an event.

A Tunet of its own is started under `var/bench/streams`; the browsers are a process beside it, and those who read pages
meanwhile are threads of this one. `SCALE=1` is 10,000 streams.
"""

from __future__ import annotations

import datetime
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import get_random_string

from directory.models import Employee
from intranet.bench.crowd import fill_up
from intranet.bench.load import Pages, at_port, percentile
from intranet.bench.running import Result
from intranet.bench.slow import slow_connections
from intranet.drills.town import MANAGE, environment, free_port, part_of, running_town
from notifications import live

Say = Callable[[str], Any]
STREAMS, FEWEST = 10_000, 600
READERS, PAUSE = 4, 0.2
SLOW, SLOW_SECONDS = 200, 10.0
LIVE_PART = r"uvicorn intranet.asgi"


class Browsers:
    """The process with all browsers: takes a command, answers when it has been done."""

    def __init__(self, port: int, cookies: list[str], folder: Path) -> None:
        file = folder / "cookies"
        file.write_text("\n".join(cookies))
        command = [sys.executable, "-m", "intranet.bench.browsers", str(port), str(file)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def tell(self, *command: Any) -> None:
        """Say what to do."""
        stdin = self.process.stdin
        assert stdin is not None
        stdin.write(json.dumps(command) + "\n")
        stdin.flush()

    def answer(self) -> dict[str, Any]:
        """Wait until it has been done. Raises RuntimeError when the process is gone."""
        stdout: IO[str] | None = self.process.stdout
        line = stdout.readline() if stdout else ""
        if not line:
            raise RuntimeError("the process with the browsers ended")
        found: dict[str, Any] = json.loads(line)
        return found

    def close(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait(10)


def run(only: str, scale: float, say: Say) -> list[Result]:
    """Start a Tunet, measure in it when `only` asks for it, end it. Raises RuntimeError when that fails."""
    if not "live".startswith(only[:4]):
        return []
    state, port = Path(settings.STATE_DIR) / "bench" / "streams", free_port()
    environ = environment(state, port, FEWEST) | {"LOG_LEVEL": "WARNING"}
    shutil.rmtree(state, ignore_errors=True)
    say("starting a Tunet of its own …")
    with running_town(environ, state / "up.log") as supervisor:
        inside = [*MANAGE, "bench", "--inside", str(port), "--scale", str(scale), "--only", "live"]
        environ |= {"SUPERVISOR": str(supervisor)}
        done = subprocess.run(inside, env=environ, check=False, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise RuntimeError(f"measuring streams failed; its log is {state / 'up.log'}")
    return [Result(**row) for row in json.loads(done.stdout.splitlines()[-1])]


def measure(scale: float, port: int, say: Say) -> list[dict[str, Any]]:
    """Measure in the Tunet at `port`; return the results as they are written."""
    streams = round(STREAMS * scale)
    fill_up(streams + FEWEST)
    people = list(Employee.objects.active().only("password", "sessions_ended").order_by("-pk")[:streams])
    part = part_of(int(os.environ["SUPERVISOR"]), LIVE_PART)[0]
    home = Pages(at_port(port), "/", sign_in(people[: READERS * 10]))
    browsers = Browsers(port, sign_in(people), Path(settings.STATE_DIR))
    try:
        return [one.as_json() for one in _story(streams, part, port, home, browsers, say)]
    finally:
        browsers.close()


def _story(streams: int, part: int, port: int, home: Pages, browsers: Browsers, say: Say) -> list[Result]:
    results = []
    with _p95(home, say, "pages at rest") as at_rest:
        time.sleep(5)
    empty = memory_of(part)
    with _p95(home, say, "everybody comes at once") as storm:
        browsers.tell("open")
        came = browsers.answer()
    results += [_all_in("live.connected", streams, came, "as everybody comes at once")]
    results += [_against("live.page_p95_while_connecting", storm["p95"], 2.0, f"{at_rest['p95']:.2f} s at rest.")]
    each = (memory_of(part) - empty) / streams
    results += [
        _against("live.memory_per_stream", each, 64.0, "what the live process grew by, for each stream.", "KiB")
    ]
    say("one event for all …")
    began = time.monotonic()
    live.publish(channel="all", event="announcement", data={"id": "bench"})
    browsers.tell("hear", began)
    times = browsers.answer()["times"]
    half, last = percentile(times, 0.5), times[-1]
    says = f"{len(times)} of {streams} heard; half within {half:.2f} s, the last after {last:.2f} s."
    results += [_against("live.event_received_p95", percentile(times, 0.95), 2.0, says)]
    for name, critical in (("live.fetched_after_event", False), ("live.fetched_after_critical_event", True)):
        results += [_fetches(name, streams, home, browsers, say, critical=critical)]
    with _p95(home, say, f"{SLOW} slow connections") as slow, slow_connections(port, SLOW):
        time.sleep(SLOW_SECONDS)
    results += [_against("live.page_p95_beside_200_slow", slow["p95"], 2.0, f"{at_rest['p95']:.2f} s at rest.")]
    say("the live process is killed …")
    began = time.monotonic()
    os.kill(part, signal.SIGKILL)
    browsers.tell("back", began)
    back = browsers.answer()
    return [*results, _all_in("live.back_after_kill", streams, back, "after SIGKILL, from the kill on")]


def _fetches(name: str, streams: int, home: Pages, browsers: Browsers, say: Say, *, critical: bool) -> Result:
    """What an event to all makes the pages fetch: the curve of its completion, and pages meanwhile."""
    spread = live.spread_over(streams, critical=critical)
    with _p95(home, say, f"what an event makes the pages fetch, over {spread:.0f} s") as pages:
        browsers.tell("fetch", "/notifications/counters/", 1, spread)
        counters = browsers.answer()
    times = counters["times"]
    curve = ", ".join(f"{share:.0%} after {percentile(times, share):.1f} s" for share in (0.25, 0.5, 0.75, 0.9, 0.99))
    says = (
        f"spread over {spread:.0f} s; of {counters['asked']} fetches {curve}; {counters['asked'] - len(times)} failed; "
        f"pages meanwhile {pages['p95']:.2f} s at p95."
    )
    return _against(name, percentile(times, 0.95), spread, says, goal=float("inf"))


@contextmanager
def _p95(home: Pages, say: Say, what: str) -> Iterator[dict[str, float]]:
    """Read pages while the body runs; tells their 95th percentile as `p95`."""
    say(f"{what} …")
    home.taken.clear()
    told: dict[str, float] = {}
    with home.reading(READERS, PAUSE):
        yield told
    told["p95"] = percentile(home.taken, 0.95)


def _all_in(name: str, streams: int, came: dict[str, Any], when: str) -> Result:
    times = came["times"]
    needed = int(streams * 0.995)
    seconds = times[needed - 1] if len(times) >= needed else float("inf")
    within = sum(each <= 30 for each in times) / streams
    half, last = percentile(times, 0.5), times[-1]
    says = (
        f"{streams} streams {when}: {within:.2%} within 30 s, half after {half:.1f} s, the last after {last:.1f} s; "
        f"{came['refused']} times told to come back or cut off."
    )
    return _against(name, seconds, 30.0, says)


def _against(name: str, figure: float, goal_of: float, says: str, unit: str = "s", *, goal: float = 1.0) -> Result:
    ratio = figure / goal_of
    return Result(name, figure, goal_of, ratio, goal, ratio <= goal, unit, says)


def sign_in(people: list[Employee]) -> list[str]:
    """Sign all of them in and return their cookies."""
    store, until = SessionStore(), timezone.now() + datetime.timedelta(days=1)
    sessions = [
        Session(pk=get_random_string(32), session_data=store.encode(_facts(one)), expire_date=until) for one in people
    ]
    Session.objects.bulk_create(sessions, batch_size=1000)
    return [f"{settings.SESSION_COOKIE_NAME}={session.pk}" for session in sessions]


def _facts(person: Employee) -> dict[str, str]:
    backend = settings.AUTHENTICATION_BACKENDS[0]
    return {SESSION_KEY: str(person.pk), BACKEND_SESSION_KEY: backend, HASH_SESSION_KEY: person.get_session_auth_hash()}


def memory_of(pid: int) -> float:
    """Return how much memory belongs to the process alone, in KiB (Linux)."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(float(line.split()[1]) for line in rollup if line.startswith(("Private_Clean:", "Private_Dirty:")))
