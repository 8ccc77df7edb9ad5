"""Rows into a table with COPY: the one way that takes 50,000 of them in a second."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from django.db import connection

Thing = TypeVar("Thing")
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Add `rows` to `table` and return how many. Values are text, numbers, dates, booleans or None."""
    text, count = io.StringIO(), 0
    for row in rows:
        text.write("\t".join(map(_cell, row)))
        text.write("\n")
        count += 1
    if count:
        text.seek(0)
        names = ", ".join(f'"{column}"' for column in columns)
        with connection.cursor() as cursor:
            cursor.copy_expert(f'COPY "{table}" ({names}) FROM STDIN', text)
    return count


def batched(things: Iterable[Thing], size: int) -> Iterator[list[Thing]]:
    """Yield `things` in lists of `size`, the last one shorter."""
    remaining = iter(things)
    while batch := list(islice(remaining, size)):
        yield batch


def _cell(value: Any) -> str:
    if value is None:
        return r"\N"
    return str(value).translate(_ESCAPES)
