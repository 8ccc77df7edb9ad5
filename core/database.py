"""The few things PostgreSQL offers that the ORM has no word for."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet


def lock_number(name: str) -> int:
    """Return the number PostgreSQL knows the advisory lock called `name` by."""
    return zlib.crc32(name.encode())


def lock_for_transaction(name: str) -> None:
    """Wait for, and hold until the transaction ends, the advisory lock called `name`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock_number(name)])


@contextmanager
def try_lock(name: str) -> Iterator[bool]:
    """Hold the advisory lock called `name` while the body runs, if nobody else does; say whether it is held.

    No transaction is needed: it ends with the body, or with the connection of a process that dies.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [lock_number(name)])
        is_held = bool(cursor.fetchone()[0])
    try:
        yield is_held
    finally:
        if is_held:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [lock_number(name)])


def insert_select(table: str, columns: list[str], rows: QuerySet[Any, Any], *, conflict: str = "DO NOTHING") -> int:
    """Insert the rows of a `values_list` queryset into `table` in one statement and return how many were new.

    `columns` stand in the order of the queryset's values. Rows that meet a unique key are left as they are.
    """
    statement = _insert(table, columns, rows, conflict)
    if statement is None:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(*statement)
        return int(cursor.rowcount)


def insert_select_returning(
    table: str, columns: list[str], rows: QuerySet[Any, Any], returning: str, *, conflict: str = "DO NOTHING"
) -> list[Any]:
    """Do the same, and return what the new rows hold in the column `returning`."""
    statement = _insert(table, columns, rows, conflict)
    if statement is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f'{statement[0]} RETURNING "{returning}"', statement[1])
        return [row[0] for row in cursor.fetchall()]


def _insert(table: str, columns: list[str], rows: QuerySet[Any, Any], conflict: str) -> tuple[str, Any] | None:
    try:
        select, parameters = rows.query.sql_with_params()
    except EmptyResultSet:
        return None
    names = ", ".join(f'"{column}"' for column in columns)
    return f'INSERT INTO "{table}" ({names}) {select} ON CONFLICT {conflict}', parameters
