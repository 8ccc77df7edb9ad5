"""Where a running Tunet keeps its state, and the addresses that follow from it."""

from __future__ import annotations

import hashlib
import os
import secrets
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from core.keys import new_p256_key

PROJECT_ROOT = Path(__file__).resolve().parents[2]

# A socket's path may hold 107 bytes on Linux and 103 on macOS, and the longest name we add has 24.
LONGEST_SOCKET_FOLDER = 78


class StateError(Exception):
    """The state folder cannot be used; the text says why and what to do."""


@dataclass(frozen=True)
class State:
    """One state folder: two of them never share a server, a socket or a lock."""

    root: Path

    @property
    def sockets(self) -> Path:
        """The folder of the sockets: the state folder, or a short one when its path is too long."""
        if len(os.fsencode(self.root)) <= LONGEST_SOCKET_FOLDER:
            return self.root
        mark = hashlib.sha256(f"{os.getuid()}:{self.root}".encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"tunet-{mark}"

    @property
    def postgres_data(self) -> Path:
        return self.root / "postgres"

    @property
    def postgres_socket(self) -> Path:
        """The folder that PostgreSQL puts its socket in; it belongs to the server's own user."""
        return self.sockets / "pg"

    @property
    def valkey_socket(self) -> Path:
        return self.sockets / "valkey.sock"

    @property
    def web_socket(self) -> Path:
        return self.sockets / "web.sock"

    @property
    def logs(self) -> Path:
        return self.root / "log"

    def lock(self, name: str) -> Path:
        """The file behind the lock of that name."""
        return self.root / f"{name}.lock"

    def database_url(self, name: str = "tunet") -> str:
        """The address of a database in the embedded PostgreSQL."""
        return f"postgres://tunet@{quote(str(self.postgres_socket), safe='')}/{name}"

    @property
    def redis_url(self) -> str:
        """The address of the embedded Valkey."""
        return f"unix://{self.valkey_socket}?db=0"

    def prepare(self) -> None:
        """Create the folders. Raises StateError when another user owns them."""
        for folder in (self.root, self.sockets, self.logs):
            try:
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            except OSError as error:
                raise StateError(f"Cannot create {folder}: {error.strerror}.") from error
            if folder.stat().st_uid != os.getuid():
                raise StateError(
                    f"{folder} belongs to another user. Run as that user, delete it, or name another "
                    "state folder with TUNET_VAR."
                )

    def has_secret_key(self) -> bool:
        """Whether a secret key of our own was ever made here."""
        return (self.root / "secret_key").is_file()

    def secret_key(self) -> str:
        """The demo's own secret key, made once and kept in the state folder."""
        return self._made_once("secret_key", lambda: secrets.token_urlsafe(50))

    def push_key(self) -> str:
        """The demo's own key for push services, made once and kept in the state folder."""
        return self._made_once("push_key", new_p256_key)

    def _made_once(self, name: str, make: Callable[[], str]) -> str:
        path = self.root / name
        try:
            return path.read_text().strip()
        except FileNotFoundError:
            self.prepare()
        fresh = self.root / f"{name}.{os.getpid()}"
        fresh.touch(mode=0o600)
        fresh.write_text(make())
        try:
            os.link(fresh, path)  # fails when another process was first, and then its key counts
        except FileExistsError:
            pass
        fresh.unlink()
        return path.read_text().strip()


def state_from(environ: Mapping[str, str]) -> State:
    """The state folder that TUNET_VAR names, or `var` in the project."""
    named = environ.get("TUNET_VAR") or "var"
    return State((PROJECT_ROOT / Path(named).expanduser()).resolve())
