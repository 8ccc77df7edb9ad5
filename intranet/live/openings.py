"""The way in to a stream. After a restart everybody comes at once, and pages must not wait for that.

Each alone would cost the database five questions, so those who come together are looked up together; and who comes to
a full house is told when to return.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections import deque
from collections.abc import Awaitable, Callable, Collection

from intranet.live.readers import Reader

logger = logging.getLogger(__name__)

LookUp = Callable[[Collection[str]], Awaitable[dict[str, Reader]]]

TOGETHER = 200
MOST_WAITING = 2000
PATIENCE_SECONDS = 10
RETURN_AFTER = (2, 8)


class CrowdedError(Exception):
    """Too many are waiting, or the database does not answer: come back after `seconds`."""

    def __init__(self) -> None:
        super().__init__("too many at once")
        self.seconds = random.randint(*RETURN_AFTER)


class Openings:
    """Those who wait to be let in."""

    def __init__(self, look_up: LookUp) -> None:
        self._look_up = look_up
        self._waiting: deque[tuple[str, asyncio.Future[Reader | None]]] = deque()
        self._work: asyncio.Task[None] | None = None

    async def admit(self, session_key: str) -> Reader | None:
        """Return the reader behind the session, None without a living one. Raises CrowdedError."""
        if not session_key:
            return None
        if len(self._waiting) >= MOST_WAITING:
            raise CrowdedError
        turn: asyncio.Future[Reader | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((session_key, turn))
        if self._work is None or self._work.done():
            self._work = asyncio.create_task(self._let_in())
        try:
            return await asyncio.wait_for(turn, PATIENCE_SECONDS)
        except TimeoutError as error:
            raise CrowdedError from error

    async def _let_in(self) -> None:
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(TOGETHER, len(self._waiting)))]
            # Who has lost patience is not asked for.
            batch = [(key, turn) for key, turn in batch if not turn.done()]
            try:
                found = await self._look_up([key for key, _ in batch])
            except Exception:
                logger.exception("could not look up who opens a stream")
                self._settle(batch, None)
                continue
            self._settle(batch, found)

    def _settle(self, batch: list[tuple[str, asyncio.Future[Reader | None]]], found: dict[str, Reader] | None) -> None:
        for key, turn in batch:
            if turn.done():
                continue
            if found is None:
                turn.set_exception(CrowdedError())
            else:
                turn.set_result(found.get(key))
