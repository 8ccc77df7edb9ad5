"""The event stream at `/events/`: server-sent events with ids and counters, never content.

Who opens a stream is asked of the database, together with others who come at the same moment; after that the stream
only waits. The process as a whole asks every half minute which of its streams still have a living session.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import logging
import random
import resource
from collections.abc import Awaitable, Callable, Collection, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from http.cookies import CookieError, SimpleCookie
from typing import Any

from django.conf import settings
from django.db import close_old_connections

from intranet.live.hub import Hub, Stream
from intranet.live.openings import CrowdedError, Openings
from intranet.live.readers import Reader, channels_of, find_readers, people_behind
from intranet.live.renewals import TOGETHER, Renewals

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

logger = logging.getLogger(__name__)

RECHECK_SECONDS = 30
# At each look a part of the streams is asked for anew, so that after so many all have been.
RENEWED_EACH = 10
# A browser has one stream, however many tabs: more than a few are a fault, or somebody who wants all there are.
MOST_OF_ONE_SESSION = 12
# Kept free of the files a process may open: for pages on their way through, the database, Redis.
FILES_KEPT_FREE = 1000

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


class Events:
    """The application that serves the streams, and what it keeps while it runs."""

    def __init__(self, redis_url: str) -> None:
        self.hub = Hub(redis_url)
        self.threads = ThreadPoolExecutor(1, thread_name_prefix="events")
        self.most_streams = most_streams()
        self._openings = Openings(self._find_readers)
        self._renewals = Renewals(self.hub, functools.partial(self._in_thread, channels_of))
        self._rechecks = 0
        self._background: set[asyncio.Task[Any]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one stream until the reader goes, the session ends or the process stops."""
        if scope["method"] != "GET":
            await _refuse(send, 405)
            return
        self.start()
        try:
            if len(self.hub.streams) >= self.most_streams:
                raise CrowdedError
            key, changes = _session_key(scope), self.hub.changes
            reader = await self._openings.admit(key)
        except CrowdedError as full:
            await _refuse(send, 503, (b"retry-after", str(full.seconds).encode()))
            return
        if reader is None:
            await _refuse(send, 401)
            return
        stream = Stream(reader.employee_id, key)
        self._let_in(stream, reader.channels)
        if self.hub.changes != changes:
            self.hub.hold([stream])
        await self._serve(stream, receive, send)

    def start(self) -> None:
        """Begin to listen to Redis and to look after the open streams, once."""
        self.hub.start()
        if not self._background:
            self._keep(self._recheck_for_ever())

    def stop(self) -> None:
        """Stop what `start` began."""
        self.hub.stop()
        self._renewals.stop()
        for task in self._background:
            task.cancel()

    def _let_in(self, stream: Stream, channels: Collection[str]) -> None:
        """Let it listen; of too many streams of one session the oldest makes room."""
        of_session = [one for one in self.hub.heard_by(stream.employee_id) if one.session_key == stream.session_key]
        of_session = sorted((one for one in of_session if not one.ended), key=lambda one: one.number)
        for oldest in of_session[: max(0, len(of_session) + 1 - MOST_OF_ONE_SESSION)]:
            oldest.drop()
        self.hub.listen(stream, channels)

    async def _serve(self, stream: Stream, receive: Receive, send: Send) -> None:
        writing = asyncio.current_task()
        gone = asyncio.create_task(_until_gone(receive, stream))
        stream.on_drop = writing.cancel if writing else stream.on_drop
        try:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            stream.put(f"retry: {random.randint(2000, 8000)}\n".encode() + self.hub.greeting())
            while message := await stream.take():
                await _write(send, message)
            if not gone.done():
                await _write(send, b'data: {"type": "close"}\n\n')
                await send({"type": "http.response.body", "body": b""})
        except asyncio.CancelledError:
            if not stream.ended:
                raise
            _break_off(send)
        except OSError:
            pass
        finally:
            stream.on_drop = lambda: None
            gone.cancel()
            self.hub.forget(stream)

    async def _find_readers(self, keys: Collection[str]) -> dict[str, Reader]:
        found: dict[str, Reader] = await self._in_thread(find_readers, keys)
        return found

    async def _in_thread(self, function: Callable[..., Any], *args: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self.threads, _with_connection, function, args)

    def _keep(self, coroutine: Any) -> None:
        task = asyncio.create_task(coroutine)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def _recheck_for_ever(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.hub.is_back.wait(), RECHECK_SECONDS)
            self.hub.is_back.clear()
            await self._recheck()
            self._renew_some()

    def _renew_some(self) -> None:
        """Ask anew what some of the streams may hear: a message that says so can be lost, and days of grace run out."""
        self._rechecks += 1
        turn = self._rechecks % RENEWED_EACH
        self._renewals.want([stream for stream in self.hub.streams if stream.number % RENEWED_EACH == turn])

    async def _recheck(self) -> None:
        """End the streams whose session has ended: the message that says so can be lost, too."""
        streams = list(self.hub.streams)
        for first in range(0, len(streams), TOGETHER):
            some = streams[first : first + TOGETHER]
            try:
                people = await self._in_thread(people_behind, {stream.session_key for stream in some})
            except Exception:
                logger.exception("could not look whether the open sessions still live")
                return
            for stream in some:
                if people.get(stream.session_key) != stream.employee_id:
                    stream.end()


def most_streams() -> int:
    """Let the process open as many files as it may, and return how many streams that is enough for."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    limit = hard if hard != resource.RLIM_INFINITY else 1_000_000
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
    return max(100, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - FILES_KEPT_FREE)


async def _write(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def _until_gone(receive: Receive, stream: Stream) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.end()


def _break_off(send: Send) -> None:
    """Close the connection to a reader that takes nothing: what waits in it would otherwise wait for ever.

    ASGI has no word for that, so the server's own connection is asked, where it shows it.
    """
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is not None:
        transport.abort()


async def _refuse(send: Send, status: int, *headers: tuple[bytes, bytes]) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0"), *headers]})
    await send({"type": "http.response.body", "body": b""})


def _session_key(scope: Scope) -> str:
    header = next((value for name, value in scope["headers"] if name == b"cookie"), b"")
    try:
        morsel = SimpleCookie(header.decode("latin-1")).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return ""
    return morsel.value if morsel else ""


def _with_connection(function: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    close_old_connections()
    try:
        return function(*args)
    finally:
        close_old_connections()


application = Events(settings.REDIS_URL)
