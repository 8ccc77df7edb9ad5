"""Benchmarks that apps offer to `manage.py bench`: each says what is measured, beside what, and the goal.

An app puts them in `benchmarks.py`. A benchmark is prepared once and then run in turn with its floor, so that a noisy
machine disturbs both alike; what counts is the ratio of the medians.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from core.registry import Registry


@dataclass(frozen=True)
class Benchmark:
    """One figure: `ours` measured beside `base`, the ratio of the medians of five to be at most `goal`.

    `prepare(scale)` builds what both need and returns what they are called with. Each call does the work once; it may
    return seconds it measured itself, else the call is timed.
    """

    name: str
    prepare: Callable[[float], Any]
    ours: Callable[[Any], float | None]
    base: Callable[[Any], float | None]
    goal: float
    # What the figure is counted in; "s" for seconds.
    unit: str = "s"
    # True where the ratio must be at least the goal (throughput).
    at_least: bool = False
    says: str = ""
    # Called after every round, to put things back.
    reset: Callable[[Any], None] = field(default=lambda prepared: None)


@dataclass(frozen=True)
class Curve:
    """What the same work costs for each person it is done for, at several sizes of the organisation.

    People are added up to each size in turn; `measure` does the work once and returns the seconds and how many it was
    done for. What counts is the cost at the largest size beside the cost at the smallest, medians of five.
    """

    name: str
    prepare: Callable[[float], Any]
    measure: Callable[[Any], tuple[float, int]]
    sizes: tuple[int, ...]
    goal: float
    says: str = ""


benchmarks: Registry[Benchmark] = Registry("benchmark")
curves: Registry[Curve] = Registry("curve")


def add_benchmark(benchmark: Benchmark) -> Benchmark:
    """Offer `benchmark`; its name begins with the app's."""
    return benchmarks.add(benchmark.name, benchmark)


def add_curve(curve: Curve) -> Curve:
    """Offer `curve`; its name begins with the app's."""
    return curves.add(curve.name, curve)
