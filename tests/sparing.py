"""What spares tests work that would only be done again: migrating, making middleware, emptying tables that are empty.

`conftest.py` takes these in, so that they hold for all tests.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.signals import setting_changed
from django.db import connection, connections
from django.test import TransactionTestCase
from django.test.client import ClientHandler
from pytest_django import DjangoDbBlocker

from tests.databases import migrated_database

# Django fills these after its migrations, the same each time.
KEPT = ["django_migrations", "django_content_type", "auth_permission"]
# Locked first, as TRUNCATE would: a request that a browser left behind ends before, or waits. Without triggers, since
# everything goes and nothing is left that could refer to something gone.
EMPTY = """
    DO $$
    DECLARE
        tables text[] := ARRAY(
            SELECT quote_ident(relname) FROM pg_class
            WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> ALL (%s) ORDER BY oid
        );
        name text;
        filled boolean;
    BEGIN
        SET LOCAL session_replication_role = replica;
        EXECUTE 'LOCK TABLE ' || array_to_string(tables, ', ');
        FOREACH name IN ARRAY tables LOOP
            EXECUTE 'SELECT EXISTS (SELECT FROM ' || name || ')' INTO filled;
            IF filled THEN
                EXECUTE 'DELETE FROM ' || name;
            END IF;
        END LOOP;
    END $$
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that no process is still at it when the others have finished."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_collection_finish() -> None:
    """What is loaded by now stays: the garbage collector need not look through it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """Let each process copy its database from one that is migrated."""
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = migrated_database()


def empty_database(alias: str = "default") -> None:
    """Delete what tests have stored. Truncating all tables takes ten times as long, most of them being empty."""
    with connections[alias].cursor() as cursor:
        cursor.execute(EMPTY, [KEPT])


def _empty_databases(case: TransactionTestCase) -> None:
    for alias in case._databases_names(include_mirrors=False):  # type: ignore[attr-defined]
        empty_database(alias)


@pytest.fixture(scope="session", autouse=True)
def shared_work() -> Iterator[None]:
    """Let all tests share one chain of middleware, and empty the database by `empty_database`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", _empty_databases)
        chain = _Chain()
        patch.setattr(ClientHandler, "load_middleware", lambda handler: chain.put_into(handler))
        setting_changed.connect(chain.forget)
        yield
        setting_changed.disconnect(chain.forget)


class _Chain:
    """The middleware of the first client, for all others too; made anew when a test changes the settings."""

    def __init__(self) -> None:
        self.made: dict[str, Any] = {}
        self._make = ClientHandler.load_middleware

    def put_into(self, handler: ClientHandler) -> None:
        """Give the handler of a client its middleware."""
        if not self.made:
            self._make(handler)
            self.made = {name: value for name, value in vars(handler).items() if name != "enforce_csrf_checks"}
        vars(handler).update(self.made)

    def forget(self, **_: object) -> None:
        """Make it anew for the next client."""
        self.made = {}
