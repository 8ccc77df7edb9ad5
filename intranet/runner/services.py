"""Lets a command use PostgreSQL and Redis: those of the environment, of a running Tunet, or its own."""

from __future__ import annotations

import subprocess
import time
from collections.abc import MutableMapping

from intranet.runner.keeper import USERS, keeper_command, server_named
from intranet.runner.locks import FileLock
from intranet.runner.servers import Postgres
from intranet.runner.state import PROJECT_ROOT, State, StateError

START_TIMEOUT = 60.0


class Services:
    """The embedded servers of one state folder, as their user sees them."""

    def __init__(self, state: State, *, durable: bool = True, database: str = "tunet") -> None:
        self.state = state
        self.durable = durable
        self.names: list[str] = []
        self.database = database
        self._users = FileLock(state.lock(USERS))

    def announce(self, environ: MutableMapping[str, str]) -> None:
        """Set DATABASE_URL, REDIS_URL and the keys where they are not set; starts nothing."""
        environ["TUNET_VAR"] = str(self.state.root)
        if not environ.get("DATABASE_URL"):
            environ["DATABASE_URL"] = self.state.database_url(self.database)
            self.names.append("postgres")
            environ.setdefault("TUNET_DEMO", "1")
        if not environ.get("REDIS_URL"):
            environ["REDIS_URL"] = self.state.redis_url
            self.names.append("valkey")
        # Beside a `make run` with foreign servers its commands sign with the same key.
        if not environ.get("SECRET_KEY") and (self.names or self.state.has_secret_key()):
            environ["SECRET_KEY"] = self.state.secret_key()
            environ.setdefault("VAPID_PRIVATE_KEY", self.state.push_key())

    def join(self) -> None:
        """Become a user of the servers: they are kept as long as this process lives."""
        if self.names:
            self.state.prepare()
            self._users.wait_shared()

    def start(self) -> None:
        """Become a user and see to it that the servers run. Raises StateError when one does not come up."""
        self.join()
        keepers = [self._start_keeper(name) for name in self.names]
        for name, keeper in zip(self.names, keepers, strict=True):
            self._await(name, keeper)
        self.create_database()

    def create_database(self) -> None:
        """Create the database in an embedded PostgreSQL that runs."""
        if "postgres" in self.names:
            Postgres(self.state).create_database(self.database)

    def is_empty(self) -> bool:
        """Whether the embedded database has never been migrated."""
        return "postgres" in self.names and not Postgres(self.state).has_tables(self.database)

    def leave(self) -> None:
        """Stop being a user; the last one to leave ends the servers."""
        self._users.release()

    def _start_keeper(self, name: str) -> subprocess.Popen[bytes] | None:
        if server_named(name, self.state).answers():
            return None
        with (self.state.logs / f"{name}.log").open("wb") as output:
            return subprocess.Popen(
                keeper_command(name, self.state, durable=self.durable),
                cwd=PROJECT_ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def _await(self, name: str, keeper: subprocess.Popen[bytes] | None) -> None:
        server = server_named(name, self.state)
        deadline = time.monotonic() + START_TIMEOUT
        while not server.answers():
            # A keeper that ends with 0 found another one at work, which we go on waiting for.
            if (keeper and keeper.poll()) or time.monotonic() > deadline:
                log = self.state.logs / f"{name}.log"
                raise StateError(f"{name} did not start. Its log, {log}, says:\n{log.read_text()}")
            time.sleep(0.02)


_current: Services | None = None


def set_current(services: Services) -> None:
    """Remember the services of this process, which `manage.py` decides on before Django starts."""
    global _current
    _current = services


def current_services() -> Services:
    """The services of this process. Raises StateError outside `manage.py`."""
    if _current is None:
        raise StateError("This only works through manage.py.")
    return _current
