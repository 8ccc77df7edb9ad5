"""One subscription to Redis for the whole process, handed on to every open stream that listens."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import random
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

PREFIX = "live:"
QUEUE_LENGTH = 64
LONGEST_PAUSE = 10.0


class Stream:
    """One open connection: whose it is, what it listens to, and what waits to be written."""

    def __init__(self, employee_id: int, session_key: str) -> None:
        self.employee_id = employee_id
        self.session_key = session_key
        self.channels: frozenset[str] = frozenset()
        # None ends the stream. Bounded: a reader that does not keep up is dropped and catches up by asking.
        self.queue: asyncio.Queue[bytes | None] = asyncio.Queue(QUEUE_LENGTH)

    def put(self, message: bytes | None) -> bool:
        """Queue a message; False when the reader has fallen too far behind."""
        try:
            self.queue.put_nowait(message)
        except asyncio.QueueFull:
            return False
        return True

    def end(self) -> None:
        """Make the stream end after what it is writing now."""
        while not self.put(None):
            self.queue.get_nowait()


class Hub:
    """Keeps the streams by channel and the one subscription that feeds them."""

    def __init__(self, redis_url: str) -> None:
        self._redis_url = redis_url
        self._listeners: defaultdict[str, set[Stream]] = defaultdict(set)
        self._task: asyncio.Task[None] | None = None
        # Called with the streams of a person whose memberships have changed.
        self.on_membership: Callable[[list[Stream]], None] = lambda streams: None

    @property
    def streams(self) -> set[Stream]:
        """Every open stream: each listens to «all»."""
        return self._listeners["all"]

    def start(self) -> None:
        """Begin to listen, once."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())

    def listen(self, stream: Stream, channels: Iterable[str]) -> None:
        """Let `stream` hear exactly these channels from now on."""
        wanted = frozenset(channels)
        for channel in stream.channels - wanted:
            self._drop(stream, channel)
        for channel in wanted - stream.channels:
            self._listeners[channel].add(stream)
        stream.channels = wanted

    def forget(self, stream: Stream) -> None:
        """Take the stream out of every channel."""
        self.listen(stream, ())

    def _drop(self, stream: Stream, channel: str) -> None:
        self._listeners[channel].discard(stream)
        if not self._listeners[channel]:
            del self._listeners[channel]

    async def _run(self) -> None:
        pause = 0.2
        while True:
            redis = Redis.from_url(self._redis_url)
            try:
                async with redis.pubsub() as pubsub:
                    await pubsub.psubscribe(f"{PREFIX}*")
                    async for message in pubsub.listen():
                        pause = 0.2
                        if message["type"] == "pmessage":
                            self.hand_on(message["channel"].decode().removeprefix(PREFIX), message["data"])
            except (RedisError, OSError):
                logger.warning("live events: Redis is away; trying again")
            finally:
                with contextlib.suppress(RedisError, OSError):
                    await redis.aclose()
            await asyncio.sleep(pause * (0.5 + random.random()))
            pause = min(pause * 2, LONGEST_PAUSE)

    def hand_on(self, channel: str, raw: bytes) -> None:
        """Give one published message to all who listen on `channel`."""
        listeners = list(self._listeners.get(channel, ()))
        if not listeners:
            return
        content: dict[str, Any] = json.loads(raw)
        if content["event"] == "close":
            for stream in listeners:
                stream.end()
            return
        if content["event"] == "membership":
            self.on_membership(listeners)
        line = b"data: " + json.dumps({**content["data"], "type": content["event"]}).encode() + b"\n\n"
        for stream in listeners:
            if not stream.put(line):
                stream.end()
