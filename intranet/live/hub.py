"""One subscription to Redis for the whole process, handed on to every open stream that listens."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import logging
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from notifications.live import PREFIX, RENEW, spread_over

logger = logging.getLogger(__name__)

# A reader that has not taken so many messages, or anything between two heartbeats, is dropped and catches up by asking.
QUEUE_LENGTH = 64
HEARTBEAT_SECONDS = 25
LONGEST_PAUSE = 10.0
# So long without a word, Redis is asked whether it is there; without an answer for as long again, it is not.
QUIET_SECONDS = 5.0
# Channels of groups and of units: who hears them changes.
HELD_BACK = "gl"
_NUMBERS = itertools.count()


class Stream:
    """One open connection: whose it is, what it listens to, and what waits to be written."""

    __slots__ = (
        *("channels", "employee_id", "ended", "number", "on_drop", "session_key"),
        *("_held", "_stuck", "_waiting", "_woken"),
    )

    def __init__(self, employee_id: int, session_key: str) -> None:
        self.employee_id = employee_id
        self.session_key = session_key
        # Streams are numbered as they come.
        self.number = next(_NUMBERS)
        self.channels: frozenset[str] = frozenset()
        self.ended = False
        # Breaks the connection, whoever is stuck in writing to it.
        self.on_drop: Callable[[], Any] = lambda: None
        self._waiting: list[bytes] = []
        # What was told of groups and units while it is not known whether its reader may still hear of them.
        self._held: list[tuple[str, bytes]] | None = None
        self._woken: asyncio.Future[None] | None = None
        self._stuck = False

    def put(self, message: bytes) -> None:
        """Queue a message; a reader that has fallen too far behind is dropped instead."""
        if len(self._waiting) >= QUEUE_LENGTH:
            self.drop()
            return
        self._waiting.append(message)
        self._wake()

    def tell(self, channel: str, message: bytes) -> None:
        """Queue what was told on `channel`, or keep it back until the stream is released."""
        if self._held is None or channel[0] not in HELD_BACK:
            self.put(message)
        elif len(self._held) < QUEUE_LENGTH:
            self._held.append((channel, message))
        else:
            self.drop()

    @property
    def is_held(self) -> bool:
        """Whether something is kept back."""
        return self._held is not None

    def hold(self) -> None:
        """Keep back what is told of groups and units until it is known anew which of them the reader may hear."""
        self._held = self._held or []

    def release(self) -> None:
        """Queue what was kept back and may be heard; the rest is forgotten."""
        held, self._held = self._held or [], None
        for channel, message in held:
            if channel in self.channels:
                self.put(message)

    def beat(self, message: bytes) -> None:
        """Queue a sign of life; who has taken nothing since the former one is dropped."""
        if self._stuck and self._waiting:
            self.drop()
            return
        self._stuck = True
        self.put(message)

    def end(self) -> None:
        """Let the stream end after what waits."""
        self.ended = True
        self._wake()

    def drop(self) -> None:
        """Break the stream off, whatever waits."""
        self._waiting.clear()
        self.end()
        self.on_drop()

    async def take(self) -> bytes:
        """Return all that waits, as soon as something does; b"" once the stream has ended."""
        if not self._waiting and not self.ended:
            self._woken = asyncio.get_running_loop().create_future()
            await self._woken
        self._stuck = False
        taken = b"".join(self._waiting)
        self._waiting.clear()
        return taken

    def _wake(self) -> None:
        if self._woken and not self._woken.done():
            self._woken.set_result(None)


class Hub:
    """Keeps the streams by channel and the one subscription that feeds them."""

    def __init__(self, redis_url: str) -> None:
        self._redis_url = redis_url
        self._listeners: defaultdict[str, set[Stream]] = defaultdict(set)
        self._tasks: list[asyncio.Task[None]] = []
        # Whether Redis hears us: without it nothing new is told, and the pages ask by themselves.
        self.hears = False
        # Set when Redis hears us again: what was told meanwhile was told to nobody.
        self.is_back = asyncio.Event()
        # Called with streams whose readers may have lost or won something to hear; they hold it back until `listen`.
        self.on_stale: Callable[[list[Stream]], None] = lambda streams: None
        # Grows whenever that is told: who was let in meanwhile may have been asked for too early.
        self.changes = 0

    @property
    def streams(self) -> set[Stream]:
        """Every open stream: each listens to «all»."""
        return self._listeners["all"]

    def start(self) -> None:
        """Begin to listen and to give signs of life, once."""
        if not self._tasks:
            self._tasks = [asyncio.create_task(self._run()), asyncio.create_task(self._beat())]

    def stop(self) -> None:
        """Stop both."""
        for task in self._tasks:
            task.cancel()

    def heard_by(self, employee_id: int) -> list[Stream]:
        """Return the open streams of one person."""
        return list(self._listeners.get(f"u:{employee_id}", ()))

    def listen(self, stream: Stream, channels: Iterable[str]) -> None:
        """Let `stream` hear exactly these channels from now on, and of what it held back only theirs."""
        wanted = frozenset(channels)
        for channel in stream.channels - wanted:
            self._drop(stream, channel)
        for channel in wanted - stream.channels:
            self._listeners[channel].add(stream)
        stream.channels = wanted
        stream.release()

    def hold(self, streams: list[Stream]) -> None:
        """Let these streams find out anew what they may hear, and tell nothing of groups and units before that."""
        for stream in streams:
            stream.hold()
        self.on_stale(streams)

    def forget(self, stream: Stream) -> None:
        """Take the stream out of every channel."""
        self.listen(stream, ())

    def greeting(self) -> bytes:
        """Return the first message of a stream: whether news can be expected on it."""
        return line({"type": "hello"} if self.hears else {"type": "hello", "away": True}, numbered=self.hears)

    def _drop(self, stream: Stream, channel: str) -> None:
        self._listeners[channel].discard(stream)
        if not self._listeners[channel]:
            del self._listeners[channel]

    async def _run(self) -> None:
        pause = 0.2
        while True:
            redis = Redis.from_url(self._redis_url, socket_timeout=QUIET_SECONDS)
            try:
                async with redis.pubsub() as pubsub:
                    await pubsub.psubscribe(f"{PREFIX}*")
                    async for message in _messages(pubsub):
                        pause = 0.2
                        if message["type"] == "psubscribe":
                            self._redis_is_back()
                        elif message["type"] == "pmessage":
                            channel = message["channel"].decode().removeprefix(PREFIX)
                            if self.hand_on(channel, message["data"]):
                                # So that thousands of streams write what they have before the next is handed on.
                                await asyncio.sleep(0)
            except (RedisError, OSError):
                self._redis_is_away()
            finally:
                with contextlib.suppress(RedisError, OSError):
                    await redis.aclose()
            await asyncio.sleep(pause * (0.5 + random.random()))
            pause = min(pause * 2, LONGEST_PAUSE)

    def _redis_is_back(self) -> None:
        self.hears = True
        self.is_back.set()
        # What was told meanwhile nobody has heard: every page asks, each at a moment of its own.
        self._tell_all({"type": "back", "spread": spread_over(len(self.streams))})
        self.changes += 1
        self.hold(list(self.streams))

    def _redis_is_away(self) -> None:
        if self.hears:
            logger.warning("live events: Redis is away; pages ask by themselves until it is back")
        self.hears = False
        self._tell_all({"type": "away"})

    def _tell_all(self, message: dict[str, Any]) -> None:
        told = line(message, numbered=False)
        for stream in list(self.streams):
            stream.put(told)

    async def _beat(self) -> None:
        """Give each stream a sign of life now and then: every second to some of them."""
        for second in itertools.count():
            await asyncio.sleep(1)
            sign = f"id: {moment()}\n\n".encode() if self.hears else b": still here\n\n"
            turn = second % HEARTBEAT_SECONDS
            for stream in [one for one in self.streams if one.number % HEARTBEAT_SECONDS == turn]:
                stream.beat(sign)

    def hand_on(self, channel: str, raw: bytes) -> bool:
        """Give one published message to all who listen on `channel`; False when nobody does."""
        listeners = list(self._listeners.get(channel, ()))
        content: dict[str, Any] = json.loads(raw)
        if content["event"] == RENEW:
            self.changes += 1
            self.hold(listeners)
            return True
        if not listeners:
            return False
        if content["event"] == "close":
            for stream in listeners:
                stream.end()
            return True
        message = line({**content["data"], "type": content["event"]})
        for stream in listeners:
            stream.tell(channel, message)
        return True


async def _messages(pubsub: Any) -> Any:
    """Yield what is told. Raises RedisError when Redis stands still without closing the connection."""
    asked = False
    while True:
        message = await pubsub.get_message(timeout=QUIET_SECONDS)
        if message is not None:
            asked = False
            yield message
        elif asked:
            raise RedisError("no answer")
        else:
            asked = True
            await pubsub.ping()


def moment() -> int:
    """Return the number of an event that is told now: see `notifications.catching_up`."""
    return int(time.time() * 1000)


def line(message: dict[str, Any], *, numbered: bool = True) -> bytes:
    """Return one message as it stands in a stream."""
    number = f"id: {moment()}\n" if numbered else ""
    return f"{number}data: {json.dumps(message)}\n\n".encode()
