"""A request's body, taken whole before the web part hears of it: who sends slowly must not keep one of its threads."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from typing import IO, Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]

CHUNK = 65536
# What is larger lies on the disk until it has come.
IN_MEMORY = 256 * 1024
# So long a client may send nothing at all.
PATIENCE_SECONDS = 60.0


class BodyTooLarge(Exception):
    """The client sends more bytes than its address takes."""


class BodyTooSlow(Exception):
    """The client has begun to send and goes no further."""


class ClientGone(Exception):
    """The client went away before its request was complete."""


class Body:
    """What the client sends along, once it has come."""

    def __init__(self, kept: IO[bytes]) -> None:
        self._kept = kept

    async def gather(self, receive: Receive, largest: int) -> None:
        """Take it in as it comes. Raises BodyTooLarge, BodyTooSlow or ClientGone."""
        more, size = True, 0
        while more:
            message = await _next(receive)
            if message["type"] == "http.disconnect":
                raise ClientGone
            body, more = message.get("body", b""), message.get("more_body", False)
            size += len(body)
            if size > largest:
                raise BodyTooLarge
            self._kept.write(body)
        self._kept.seek(0)

    async def receive(self) -> Message:
        """Give the next piece of it, as a server gives it to an application."""
        body = self._kept.read(CHUNK)
        return {"type": "http.request", "body": body, "more_body": len(body) == CHUNK}


async def _next(receive: Receive) -> Message:
    try:
        return await asyncio.wait_for(receive(), PATIENCE_SECONDS)
    except TimeoutError as error:
        raise BodyTooSlow from error


@contextmanager
def empty_body() -> Iterator[Body]:
    """Lend a body to be filled, and throw it away afterwards."""
    with SpooledTemporaryFile(max_size=IN_MEMORY) as kept:
        yield Body(kept)
