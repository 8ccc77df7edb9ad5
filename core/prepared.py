"""Queries put together once: many rights in one statement take Django longer to write down than the database to answer.

A query is built with keys that stand for nobody, its statement is kept, and whoever asks has their own keys put in
their place. The moment at which it was built gives way to the moment at which it is asked. What else the query
depends on is its `shape`, and part of what it is kept under, as is the day.
"""

from __future__ import annotations

import copy
import datetime
from collections.abc import Callable, Hashable, Sequence
from functools import lru_cache
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Model, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.db.models.sql.where import WhereNode
from django.utils import timezone

from core.clock import local_today

M = TypeVar("M", bound=Model)

# No row ever has such a key, nor does anything else a query is put together from.
FIRST_KEY = 7_041_814_000_000_000_000
# How all of them begin, wherever one is written.
MARK = "7041814000000"
# Stands for the moment at which the query is asked.
NOW = object()
# So many statements of one query are kept: one for each shape and number of keys.
MOST_KEPT = 64


class Prepared(Generic[M]):
    """One query, by `build(shape, *keys)`; `shape` answers `__hash__` and `__eq__` by all that `build` reads of it."""

    def __init__(self, build: Callable[..., QuerySet[M]]) -> None:
        self._build = build
        self._kept = lru_cache(MOST_KEPT)(self._put_together)

    def ask(self, shape: Hashable, keys: Sequence[int]) -> QuerySet[M]:
        """Return what `build(shape, *keys)` would return, to be gone through; nothing can be added to it any more."""
        queryset, compiler, statement, values = self._kept(shape, len(keys), local_today())
        now = timezone.now()
        filled = tuple(_fill(value, keys, now) for value in values)
        asked = queryset.all()
        asked.query = copy.copy(queryset.query)
        asked.query.get_compiler = lambda *_, **__: _Said.of(compiler, statement, filled)  # type: ignore[method-assign]
        return asked

    def _put_together(
        self, shape: Hashable, number: int, today: datetime.date
    ) -> tuple[QuerySet[M], SQLCompiler, str, tuple[Any, ...]]:
        begun = timezone.now()
        with connection.execute_wrapper(_refuse_to_ask):
            queryset = self._build(shape, *range(FIRST_KEY, FIRST_KEY + number))
            compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
            statement, values = compiler.as_sql()
        values = [NOW if _is_between(begun, value, timezone.now()) else value for value in values]
        _check(number, statement, values)
        # What has been written down is not needed as conditions any more, and is most of what would be kept.
        queryset.query.where = WhereNode()
        compiler.where = compiler.having = compiler.qualify = None
        return queryset, compiler, statement, tuple(values)


def padded(keys: Sequence[int]) -> list[int]:
    """Return `keys` with the last one repeated until they are 1, 2, 4, 8, … many: few statements serve all lists.

    Raises IndexError when there are none.
    """
    size = 1 << (len(keys) - 1).bit_length()
    return [*keys, *[keys[-1]] * (size - len(keys))]


class _Said(SQLCompiler):
    """A compiler that has written its statement already."""

    statement: tuple[str, tuple[Any, ...]]

    @classmethod
    def of(cls, compiler: SQLCompiler, statement: str, values: tuple[Any, ...]) -> _Said:
        said = cls.__new__(cls)
        vars(said).update(vars(compiler))
        said.connection, said.statement = connections[DEFAULT_DB_ALIAS], (statement, values)
        return said

    def as_sql(self, with_limits: bool = True, with_col_aliases: bool = False) -> tuple[str, tuple[Any, ...]]:
        return self.statement


def _refuse_to_ask(*_: Any) -> None:
    raise TypeError("what the database answers about a key that stands for nobody would hold for everybody")


def _is_key(value: Any) -> bool:
    return type(value) is int and value >= FIRST_KEY


def _is_between(begun: datetime.datetime, value: Any, ended: datetime.datetime) -> bool:
    return isinstance(value, datetime.datetime) and begun <= value <= ended


def _fill(value: Any, keys: Sequence[int], now: datetime.datetime) -> Any:
    if value is NOW:
        return now
    return keys[value - FIRST_KEY] if _is_key(value) else value


def _check(number: int, statement: str, values: Sequence[Any]) -> None:
    """Refuse a statement that would be another one for other keys or at another moment."""
    used = {value - FIRST_KEY for value in values if _is_key(value)}
    if used != set(range(number)):
        raise TypeError("each key must stand in the statement, as a value of its own")
    others = [value for value in values if not _is_key(value)]
    if MARK in statement or any(MARK in str(value) for value in others):
        raise TypeError("a key stands within something else")
    if any(isinstance(value, datetime.datetime) for value in others):
        raise TypeError("of moments, a statement that is kept can speak of the present one alone")
