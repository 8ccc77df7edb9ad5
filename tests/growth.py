"""How the cost of work grows with its size, counted on the processor: a busy machine does not change it."""

from __future__ import annotations

import time
from collections.abc import Callable

# Four times as much costs four times as much where cost is in proportion, and sixteen times where it is squared.
IN_PROPORTION = 8


def growth(work: Callable[[int], object], size: int) -> float:
    """Return how many times as much four times `size` costs; the least of three tries each."""
    return min(_cost(work, 4 * size) for _ in range(3)) / min(_cost(work, size) for _ in range(3))


def _cost(work: Callable[[int], object], size: int) -> float:
    began = time.process_time()
    work(size)
    return time.process_time() - began
