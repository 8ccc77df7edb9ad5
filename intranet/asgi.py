"""The live process: `/events/` here, everything else from the web part when TUNET_WEB_SOCKET names its socket."""

from __future__ import annotations

import gc
import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "intranet.settings")
django.setup()

from intranet.live import events  # noqa: E402 (needs the settings)
from intranet.live.apologies import apologise  # noqa: E402
from intranet.live.proxy import Proxy  # noqa: E402

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_web_socket = os.environ.get("TUNET_WEB_SOCKET")
_web = Proxy(_web_socket) if _web_socket else None


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """The ASGI entry."""
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
    elif scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1000})
    elif scope["path"] == "/events/":
        await events.application(scope, receive, send)
    elif _web is not None:
        await _web(scope, receive, send)
    else:
        await apologise(scope, send, 404)


async def lifespan(receive: Receive, send: Send) -> None:
    """Tune the garbage collector for very many small, long-lived objects: one stream each."""
    await receive()
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    events.application.start()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    events.application.stop()
    await send({"type": "lifespan.shutdown.complete"})
