"""The event stream at `/events/`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer that there are no events yet."""
    await send({"type": "http.response.start", "status": 503, "headers": [(b"retry-after", b"30")]})
    await send({"type": "http.response.body", "body": b""})
