"""Open streams whose readers may have lost or won something to hear: asked for anew, one batch after another.

What is told of groups and units meanwhile waits (`Stream.hold`), so that nobody hears of a group they have just left,
and nobody misses what they may hear. A database that does not answer is asked again until it does.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Iterable
from itertools import islice

from intranet.live.hub import Hub, Stream

logger = logging.getLogger(__name__)

LookUp = Callable[[Collection[int]], Awaitable[dict[int, frozenset[str]]]]

TOGETHER = 500
PAUSE_SECONDS = 1.0


class Renewals:
    """Those who wait to be asked for."""

    def __init__(self, hub: Hub, look_up: LookUp) -> None:
        self._hub = hub
        self._look_up = look_up
        self._waiting: dict[Stream, None] = {}
        self._work: asyncio.Task[None] | None = None
        hub.on_stale = self.want

    def want(self, streams: Iterable[Stream]) -> None:
        """Ask for these, soon."""
        self._waiting |= dict.fromkeys(streams)
        if self._waiting and (self._work is None or self._work.done()):
            self._work = asyncio.create_task(self._renew())

    def stop(self) -> None:
        """Ask no more."""
        if self._work:
            self._work.cancel()

    async def _renew(self) -> None:
        while self._waiting:
            batch = list(islice(self._waiting, TOGETHER))
            for stream in batch:
                del self._waiting[stream]
            try:
                channels = await self._look_up({stream.employee_id for stream in batch})
            except Exception:
                logger.exception("could not look up what open streams may hear")
                self._waiting |= dict.fromkeys(batch)
                await asyncio.sleep(PAUSE_SECONDS)
                continue
            for stream in batch:
                # Who has been told of meanwhile is asked for once more; who has gone listens to nothing.
                if stream not in self._waiting and stream.channels:
                    self._hub.listen(stream, channels[stream.employee_id])
