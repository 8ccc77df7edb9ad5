"""The parts of `make run`, and how to see that each of them is ready."""

from __future__ import annotations

import http.client
import os
import re
import socket
import sys
from collections.abc import Iterable
from dataclasses import dataclass

from intranet.runner.keeper import keeper_command, server_named
from intranet.runner.state import PROJECT_ROOT, State
from intranet.runner.supervisor import Part

# What the servers say at every start and stop.
SERVER_NOISE = re.compile(
    r"^LOG:  (starting PostgreSQL|listening on|database system (was shut down at|is ready|is shut down)"
    r"|received fast shutdown|aborting any active|background worker .* exited with exit code 1|shutting down)"
    r"|the database system is (starting up|shutting down)|due to administrator command"
    r"|Memory overcommit must|Received SIGTERM|ready to exit"
)


@dataclass(frozen=True)
class Door:
    """Where the browser knocks."""

    host: str
    port: int

    @property
    def address(self) -> str:
        """What one types into the browser."""
        name = "localhost" if self.host in {"127.0.0.1", "0.0.0.0", "::"} else self.host  # noqa: S104
        return f"http://{name}:{self.port}/"

    def is_taken(self) -> bool:
        """Whether another program listens there already."""
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.host, self.port))
            except OSError:
                return True
        return False


def server_parts(state: State, names: Iterable[str]) -> list[Part]:
    """The embedded servers."""
    return [
        Part(
            name,
            keeper_command(name, state, wait=True),
            is_ready=server_named(name, state).answers,
            others_need_it=True,
            noise=SERVER_NOISE,
        )
        for name in names
    ]


def serving_parts(state: State, door: Door) -> list[Part]:
    """What answers a browser."""
    return [web_part(state), live_part(state, door)]


def background_parts(state: State, commands: Iterable[str]) -> list[Part]:
    """Worker, scheduler and, where the command exists, the sweeper."""
    parts = [worker_part(), scheduler_part(state)]
    if "sweep" in commands:
        parts.append(Part("sweeper", [sys.executable, str(PROJECT_ROOT / "manage.py"), "sweep"]))
    return parts


def web_part(state: State) -> Part:
    """Pages and API: WSGI, behind the live process."""
    workers, threads = os.environ.get("WEB_WORKERS", "2"), os.environ.get("WEB_THREADS", "4")
    command = [sys.executable, "-m", "gunicorn", "intranet.wsgi:application", "--no-control-socket"]
    command += ["--preload", "--worker-class", "gthread", "--workers", workers, "--threads", threads]
    command += ["--bind", f"unix:{state.web_socket}", "--umask", "0o077"]
    command += ["--timeout", "60", "--graceful-timeout", "1", "--keep-alive", "30", "--log-level", "warning"]
    return Part("web", command, is_ready=lambda: web_answers(state))


def live_part(state: State, door: Door) -> Part:
    """The port: event streams here, the rest passed on to the web part."""
    command = [sys.executable, "-m", "uvicorn", "intranet.asgi:application", "--lifespan", "on"]
    command += ["--http", "intranet.live.patience:PatientProtocol"]
    command += ["--host", door.host, "--port", str(door.port), "--no-access-log", "--log-level", "warning"]
    command += [
        "--timeout-graceful-shutdown",
        "1",
        "--backlog",
        "4096",
        "--no-proxy-headers",
        "--no-server-header",
    ]
    environment = os.environ | {"TUNET_WEB_SOCKET": str(state.web_socket)}
    # Streams never end by themselves, so the end of the process always cuts them.
    noise = re.compile("timeout graceful shutdown exceeded")
    return Part("live", command, environment, is_ready=lambda: door_answers(door), noise=noise)


def worker_part() -> Part:
    """What need not be done while somebody waits."""
    command = [*celery_command(), "worker", "--concurrency", os.environ.get("WORKER_PROCESSES", "2")]
    command += ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING"]
    return Part("worker", command, celery_environment())


def scheduler_part(state: State) -> Part:
    """What is done by the clock."""
    command = [*celery_command(), "beat", "--schedule", str(state.root / "schedule"), "--pidfile="]
    return Part("scheduler", [*command, "--loglevel", "WARNING"], celery_environment())


def celery_command() -> list[str]:
    """Celery without its banner."""
    return [sys.executable, "-m", "celery", "--quiet", "--app", "intranet.celery:app"]


def celery_environment() -> dict[str, str]:
    """The environment, without the warnings to those who run a demo as root and of what later versions may do."""
    return os.environ | {"PYTHONWARNINGS": "ignore:You're running the worker,ignore::PendingDeprecationWarning"}


def web_answers(state: State) -> bool:
    """Whether the web part serves; any answer will do, the page itself may need a sign-in."""
    connection = http.client.HTTPConnection("localhost", timeout=10)
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.settimeout(10)
    try:
        connection.sock.connect(str(state.web_socket))
        return _healthy(connection)
    except OSError:
        return False
    finally:
        connection.close()


def door_answers(door: Door) -> bool:
    """Whether the web part serves through the live part."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(door.host, door.host)  # noqa: S104
    connection = http.client.HTTPConnection(host, door.port, timeout=10)
    try:
        return _healthy(connection)
    except OSError:
        return False
    finally:
        connection.close()


def _healthy(connection: http.client.HTTPConnection) -> bool:
    try:
        connection.request("GET", "/healthz", headers={"Host": "localhost"})
        return connection.getresponse().status < 500
    except http.client.HTTPException:
        return False
