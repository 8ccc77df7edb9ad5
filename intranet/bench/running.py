"""Runs benchmarks and says what came of them."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from core.benchmarks import Benchmark, Curve

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
    says: str = ""
    # Of a curve: the size of the organisation and the median there.
    points: tuple[tuple[int, float], ...] = ()
    at_least: bool = False

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
    facts = {"unit": benchmark.unit, "says": benchmark.says, "at_least": benchmark.at_least}
    return Result(benchmark.name, median, floor, ratio, benchmark.goal, ok, **facts)  # type: ignore[arg-type]


def run_curve(curve: Curve, scale: float, grow: Callable[[int], int]) -> Result:
    """Let the organisation grow to each size with `grow`, which returns the size reached; measure five times there."""
    prepared = curve.prepare(scale)
    points: list[tuple[int, float]] = []
    for wanted in curve.sizes:
        size = grow(round(wanted * scale))
        if not points or size != points[-1][0]:
            points.append((size, _cost_each(curve, prepared)))
    smallest, largest = points[0][1], points[-1][1]
    ratio = largest / smallest
    ok = ratio <= curve.goal
    return Result(curve.name, largest, smallest, ratio, curve.goal, ok, "µs", curve.says, tuple(points))


def _cost_each(curve: Curve, prepared: Any) -> float:
    taken = []
    for _ in range(ROUNDS + 1):
        gc.collect()
        seconds, people = curve.measure(prepared)
        taken.append(seconds * 1_000_000 / people)
    return statistics.median(taken[1:])


def _measure(work: Callable[[Any], float | None], prepared: Any) -> float:
    gc.collect()
    began = time.perf_counter()
    measured = work(prepared)
    return time.perf_counter() - began if measured is None else measured


def table(results: list[Result]) -> str:
    """Return the results as a table for the screen, and below it what each figure is."""
    width = max([len(row.name) for row in results], default=0) + 2
    lines = [f"{'name':<{width}}{'median':>14}{'base':>14}{'ratio':>9}{'goal':>9}"]
    for row in results:
        mark = "ok" if row.ok else "FALLS SHORT"
        lines.append(
            f"{row.name:<{width}}{_figure(row.median, row.unit):>14}{_figure(row.base, row.unit):>14}"
            f"{row.ratio:>9.2f}{_goal(row):>9}  {mark}"
        )
    for row in results:
        lines += _curve(row)
    lines += [f"{row.name}: {row.says}" for row in results if row.says]
    return "\n".join(lines)


def _goal(row: Result) -> str:
    return f"{'≥' if row.at_least else '≤'} {row.goal:.2f}"


def _curve(row: Result) -> list[str]:
    if not row.points:
        return []
    head = [f"{row.name}, by number of employees:"]
    return head + [f"{size:>12,}{_figure(cost, row.unit):>14}" for size, cost in row.points]


def _figure(value: float, unit: str) -> str:
    if unit != "s":
        return f"{value:.1f} {unit}"
    return f"{value * 1000:.1f} ms" if value < 1 else f"{value:.2f} s"
