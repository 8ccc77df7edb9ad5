"""Runs benchmarks and says what came of them."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from core.benchmarks import Benchmark

ROUNDS = 5


@dataclass(frozen=True)
class Result:
    """One row of the table: medians of five."""

    name: str
    median: float
    base: float
    ratio: float
    goal: float
    ok: bool
    unit: str = "s"

    def as_json(self) -> dict[str, Any]:
        """Return the row as it stands in `results.json`."""
        return asdict(self)


def run(benchmark: Benchmark, scale: float) -> Result:
    """Prepare, warm up once, then measure ours and the base in turn, five times each."""
    prepared = benchmark.prepare(scale)
    ours, base = [], []
    for number in range(ROUNDS + 1):
        one, other = _measure(benchmark.ours, prepared), _measure(benchmark.base, prepared)
        benchmark.reset(prepared)
        if number:
            ours.append(one)
            base.append(other)
    median, floor = statistics.median(ours), statistics.median(base)
    ratio = median / floor if floor else float("inf")
    ok = ratio >= benchmark.goal if benchmark.at_least else ratio <= benchmark.goal
    return Result(benchmark.name, median, floor, ratio, benchmark.goal, ok, benchmark.unit)


def _measure(work: Callable[[Any], float | None], prepared: Any) -> float:
    gc.collect()
    began = time.perf_counter()
    measured = work(prepared)
    return time.perf_counter() - began if measured is None else measured


def table(results: list[Result]) -> str:
    """Return the results as a table for the screen."""
    lines = [f"{'name':<44}{'median':>12}{'base':>12}{'ratio':>9}{'goal':>8}"]
    for row in results:
        mark = "ok" if row.ok else "FALLS SHORT"
        lines.append(
            f"{row.name:<44}{_figure(row.median, row.unit):>12}{_figure(row.base, row.unit):>12}"
            f"{row.ratio:>9.2f}{row.goal:>8.2f}  {mark}"
        )
    return "\n".join(lines)


def _figure(value: float, unit: str) -> str:
    if unit != "s":
        return f"{value:.0f} {unit}"
    return f"{value * 1000:.1f} ms" if value < 1 else f"{value:.2f} s"
