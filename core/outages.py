"""Saying that something is away: once for each outage, and not for everything that could not be done meanwhile."""

from __future__ import annotations

import time

NOT_AGAIN_SECONDS = 60.0


class Outage:
    """Whether one thing is away, as this process last found it."""

    def __init__(self) -> None:
        self._is_said, self._said_at = False, float("-inf")

    def is_news(self) -> bool:
        """Return whether to say that it is away: not yet said of this outage, nor of another within a minute."""
        now = time.monotonic()
        if self._is_said or now < self._said_at + NOT_AGAIN_SECONDS:
            return False
        self._is_said, self._said_at = True, now
        return True

    def is_over(self) -> None:
        """Note that it answers."""
        self._is_said = False
