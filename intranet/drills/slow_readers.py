"""Readers who never read and connections that never end their request: they are cut or waited for, and delay nobody."""

from __future__ import annotations

import contextlib
import socket
import time
from pathlib import Path

from directory.models import Employee
from intranet.bench.load import Pages, at_port, percentile
from intranet.bench.slow import slow_connections
from intranet.bench.streams import LIVE_PART, SLOW, memory_of, sign_in
from intranet.drills.cases import fill_town
from intranet.drills.people import open_pages
from intranet.drills.promises import Say, require
from intranet.drills.town import part_of
from notifications import live

# Few, for what nobody reads lies in the system's own memory first: some 4 MB for each of them.
STUCK, OPEN_PAGES = 10, 20
# More than the system keeps for a reader, as fast as others read it.
EVENTS, FILLER, PAUSE = 4000, "x" * 2000, 0.005
HEARD_WITHIN, PAGE_WITHIN, CUT_WITHIN = 2.0, 2.0, 60.0
# What the live process may keep for one who takes nothing, until it is cut off.
MOST_KIB = 1024.0


def run_slow_readers(*, port: int, supervisor: int, folder: Path, employees: int, say: Say) -> None:
    """Tell very much to all, some of whom take nothing. Raises DrillFailed with what did not hold."""
    fill_town(employees)
    people = list(Employee.objects.active().order_by("-pk")[: STUCK + OPEN_PAGES])
    part = part_of(supervisor, LIVE_PART)[0]
    listeners = open_pages(people[STUCK:], port)
    home = Pages(at_port(port), "/", sign_in(people[STUCK:]))
    stuck = [_open_and_never_read(cookie, port) for cookie in sign_in(people[:STUCK])]
    before = memory_of(part)
    with slow_connections(port, SLOW), home.reading(2, 0.2):
        for _ in range(EVENTS):
            live.publish(channel="all", event="posts", data={"group": FILLER})
            time.sleep(PAUSE)
        told = time.monotonic()
        live.publish(channel="all", event="announcement", data={"id": "drill"})
        heard = [listener.await_event("announcement", CUT_WITHIN) for listener in listeners]
    late = max((moment or float("inf")) - told for moment in heard)
    pages = percentile(home.taken, 0.95)
    say(f"{len(stuck)} streams nobody reads, {SLOW} slow connections: the last of {len(heard)} open pages heard after")
    say(f"  {late:.2f} s, the home page took {pages:.2f} s at p95 of {len(home.taken)}")
    require(late < HEARD_WITHIN, f"an open page heard of it after {late:.1f} s")
    require(pages < PAGE_WITHIN, f"the home page took {pages:.1f} s")
    cut = sum(_is_cut(one) for one in stuck)
    grown = (memory_of(part) - before) / len(stuck)
    say(f"  {cut} of {len(stuck)} were cut off; the live process grew by {grown:.0f} KiB for each")
    require(cut == len(stuck), f"{len(stuck) - cut} who take nothing are still told")
    require(grown < MOST_KIB, f"the live process keeps {grown:.0f} KiB for one who takes nothing")


def _open_and_never_read(cookie: str, port: int) -> socket.socket:
    opened = socket.socket()
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    opened.connect(("127.0.0.1", port))
    opened.sendall(f"GET /events/ HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n".encode())
    return opened


def _is_cut(one: socket.socket) -> bool:
    """Read what has come so far, and say whether the end of the connection stands behind it."""
    one.settimeout(5)
    until = time.monotonic() + CUT_WITHIN
    with contextlib.closing(one):
        while time.monotonic() < until:
            try:
                if not one.recv(65536):
                    return True
            except ConnectionError:
                return True
            except TimeoutError:
                return False
    return False
