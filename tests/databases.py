"""A database that is migrated once, and copied wherever tests need one."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.backends.utils import CursorWrapper

PREFIX = "tunet_migrated_"
# Parallel processes of a run take turns here; the number is of no other meaning.
TURN = 7_041_814


def migrated_database() -> str:
    """Return the name of a database with all migrations and no rows; it is made when it is not there yet.

    Runs share it, until a migration changes.
    """
    wanted = PREFIX + _mark_of_migrations()
    with _beside() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [TURN])
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX])
        found = {name for (name,) in cursor.fetchall()}
        if wanted not in found:
            for name in found:
                cursor.execute(f'DROP DATABASE "{name}"')
            _make(cursor, wanted)
    return wanted


def make_copy(name: str) -> None:
    """Make a database anew, as a copy of the migrated one."""
    template = migrated_database()
    with _beside() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


def _make(cursor: CursorWrapper, name: str) -> None:
    """Migrate under another name: what is interrupted is never taken for whole."""
    unfinished = f"{PREFIX}unfinished"
    cursor.execute(f'CREATE DATABASE "{unfinished}"')
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = unfinished
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
    cursor.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')


@contextmanager
def _beside() -> Iterator[CursorWrapper]:
    """A connection to the server, to no database of ours."""
    with connection._nodb_cursor() as cursor:
        yield cursor


def _mark_of_migrations() -> str:
    """A mark of all that `migrate` runs."""
    total = hashlib.sha256(django.__version__.encode())
    for app in apps.get_app_configs():
        folder = Path(app.path) / "migrations"
        for file in sorted(folder.glob("*.py")) if folder.is_dir() else []:
            total.update(f"{app.label}{os.sep}{file.name}".encode() + file.read_bytes())
    return total.hexdigest()[:16]
