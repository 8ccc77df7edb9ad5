"""`make run`: the servers, the tables, the demo, then everything that serves, until somebody stops it."""

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from intranet.runner.locks import FileLock
from intranet.runner.log import Log
from intranet.runner.parts import Door, background_parts, server_parts, serving_parts
from intranet.runner.services import Services
from intranet.runner.supervisor import GaveUp, Stopped, Supervisor


@dataclass
class Plan:
    """What `up` needs from Django, so that this module need not know it."""

    prepare_database: Callable[[Supervisor], None]
    demo_signins: Callable[[], list[str]]
    commands: Iterable[str]


def run(services: Services, door: Door, plan: Plan, log: Log) -> int:
    """Run Tunet in the foreground; returns the exit status."""
    services.state.prepare()
    lock = FileLock(services.state.lock("run"))
    if not lock.try_exclusive():
        log.plain(f"Tunet is already running: {lock.read() or services.state.root}")
        return 1
    if door.is_taken():
        log.plain(f"Port {door.port} is taken by another program. Choose another one: make run PORT={door.port + 1}")
        return 1
    lock.write(f"{door.address} (process {os.getpid()})")
    raise_file_limit()
    try:
        with Supervisor(log) as supervisor:
            serve(supervisor, services, door, plan)
    except Stopped as reason:
        log.line("tunet", f"Stopped ({reason}).")
        return 0
    except GaveUp as reason:
        log.line("tunet", f"Ended: {reason}")
        return 1
    return 0


def serve(supervisor: Supervisor, services: Services, door: Door, plan: Plan) -> None:
    """Start everything in order, say where it is, and keep it running."""
    began = time.monotonic()
    services.join()
    supervisor.start(*server_parts(services.state, services.names))
    services.create_database()
    plan.prepare_database(supervisor)
    supervisor.start(*serving_parts(services.state, door))
    supervisor.start(*background_parts(services.state, plan.commands))
    greet(supervisor.log, door, plan.demo_signins(), time.monotonic() - began)
    supervisor.watch()


def greet(log: Log, door: Door, signins: list[str], seconds: float) -> None:
    """Say where Tunet is and who can sign in."""
    log.line("tunet", f"Ready after {seconds:.1f} s. Ctrl-C ends everything.")
    log.plain(f"\n  {door.address}\n")
    for line in signins:
        log.plain(f"  {line}")
    if signins:
        log.plain("")


def raise_file_limit() -> None:
    """Allow as many open files as the system lets us: each event stream needs one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = min(hard, 65536) if hard != resource.RLIM_INFINITY else 65536
    if soft < wanted and sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
