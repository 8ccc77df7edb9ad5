"""What a drill promises, and how long it waits for it."""

from __future__ import annotations

import time
from collections.abc import Callable

from intranet.drills.victims import patiently

Say = Callable[[str], None]
OUTAGE_OF_50000 = 3600.0
SHORTEST_OUTAGE = 20.0


class DrillFailed(Exception):
    """Something a drill promises did not hold; the text says what."""


def require(holds: bool, what: str) -> None:
    """Raise DrillFailed with `what` unless it holds."""
    if not holds:
        raise DrillFailed(what)


def wait_until(condition: Callable[[], bool], seconds: float, otherwise: str, *, since: float = 0.0) -> float:
    """Wait until `condition` holds, through a database that is away for a moment, and return how long that took.

    `since` is where the seconds begin, by the monotonic clock; now unless it is given. Raises DrillFailed.
    """
    since = since or time.monotonic()
    while not patiently(condition):
        require(time.monotonic() < since + seconds, f"{otherwise} within {seconds:.0f} s")
        time.sleep(0.05)
    return time.monotonic() - since


def length_of_outage(employees: int) -> float:
    """Return for how many seconds something is away: an hour at full size, less in a smaller town."""
    return max(SHORTEST_OUTAGE, OUTAGE_OF_50000 * employees / 50_000)
