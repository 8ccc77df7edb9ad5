"""Searching as one types: what the database takes for it, and whether the right person is found."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection

from directory.benchmarks.golden import ASKER, Asked, find_missed, named, read_golden_set, read_part
from directory.finding import search_people
from directory.models import Employee

PREFIXES = (2, 3, 4, 6)
ROUNDS = 3
MISSPELT = "Misspelt"


@dataclass
class Desk:
    """Who searches, what is typed on the way to a hit, and what is typed wrongly."""

    asker: Employee
    asked: list[Asked]
    begun: list[str]
    misspelt: list[str]


@dataclass
class _Clock:
    seconds: float = 0.0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.seconds += time.perf_counter() - began


def prepare(scale: float) -> Desk:
    """Read the golden set, and with it how each of its searches begins."""
    asked = read_golden_set()
    begun = {each.text[:length].strip() for each in asked for length in PREFIXES if each.text[0].isalpha()}
    asker = named(" ".join(ASKER))
    return Desk(asker, asked, sorted(text for text in begun if len(text) > 1), read_part(MISSPELT))


def prefixes_p95(desk: Desk) -> float:
    """Return the seconds in the database that 95 of 100 searches of some letters keep within."""
    return _p95(desk, desk.begun)


def misspelt_p95(desk: Desk) -> float:
    """Return the seconds in the database that 95 of 100 misspelt searches keep within."""
    return _p95(desk, desk.misspelt)


def share_found(desk: Desk) -> float:
    """Return for which part of the golden set the right person is among the first three."""
    return 1 - len(find_missed(desk.asked)) / len(desk.asked)


def _p95(desk: Desk, texts: list[str]) -> float:
    people = Employee.objects.active().visible_to(desk.asker)
    taken = sorted(_median(people, text, desk.asker) for text in texts)
    return taken[int(len(taken) * 0.95)]


def _median(people: Any, text: str, asker: Employee) -> float:
    taken = []
    for _ in range(ROUNDS):
        with _timed() as clock:
            search_people(people, text, asker)
        taken.append(clock.seconds)
    return sorted(taken)[ROUNDS // 2]


@contextmanager
def _timed() -> Iterator[_Clock]:
    clock = _Clock()
    with connection.execute_wrapper(clock):
        yield clock
