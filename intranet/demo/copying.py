"""Fast writing of very many rows."""

from __future__ import annotations

import io
import random
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models

from core.public_ids import ALPHABET, LENGTH


def copy_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write `rows` of `columns` (database names, the id among them where it matters) with COPY."""
    text = io.StringIO()
    for row in rows:
        text.write("\t".join(map(_cell, row)))
        text.write("\n")
    text.seek(0)
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.copy_expert(f'COPY "{model._meta.db_table}" ({names}) FROM STDIN', text)


def _cell(value: Any) -> str:
    if value is None:
        return r"\N"
    if value is True or value is False:
        return "t" if value else "f"
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return str(value).replace("\\", r"\\").replace("\t", r"\t").replace("\n", r"\n").replace("\r", r"\r")


def reserve_ids(model: type[models.Model], number: int) -> range:
    """Take `number` ids that follow each other from the table's own sequence."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence(%s, 'id'), nextval(pg_get_serial_sequence(%s, 'id')) + %s - 1)",
            [table, table, number],
        )
        last = cursor.fetchone()[0]
    return range(last - number + 1, last + 1)


def public_ids(chance: random.Random, number: int) -> list[str]:
    """Return `number` different public ids, the same for the same `chance`."""
    found: set[str] = set()
    ordered: list[str] = []
    while len(ordered) < number:
        candidate = "".join(chance.choices(ALPHABET, k=LENGTH))
        if candidate not in found:
            found.add(candidate)
            ordered.append(candidate)
    return ordered


def analyse(*tables: type[models.Model]) -> None:
    """Let the planner know what has just been written."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'ANALYZE "{table._meta.db_table}"')
