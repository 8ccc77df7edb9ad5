"""A small WSGI program behind the proxy's ASGI door: it says what it was asked, or misbehaves on request."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import django

from intranet.live.proxy import Proxy

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "intranet.settings")
django.setup()

front = Proxy(os.environ["TUNET_WEB_SOCKET"], largest=lambda path: 1_000_000)


def web(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    if path == "/slow":
        start_response("200 OK", [("Content-Type", "text/plain")])
        return slowly()
    if path == "/broken":
        start_response("200 OK", [("Content-Length", "100")])
        return [b"half"]
    if path == "/dead":
        os._exit(1)
    if path == "/refuses":
        start_response("403 Forbidden", [("Content-Length", "2"), ("Connection", "close")])
        return [b"no"]
    if path == "/many":
        start_response("200 OK", [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("Content-Length", "0")])
        return []
    if path == "/nothing":
        start_response("304 Not Modified", [("ETag", '"x"')])
        return []
    return echo(environ, start_response)


def slowly() -> Iterator[bytes]:
    for number in range(3):
        yield f"{number}\n".encode()
        time.sleep(1)


def echo(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    body = environ["wsgi.input"].read()
    said = {
        "method": environ["REQUEST_METHOD"],
        "uri": environ["RAW_URI"],
        "size": len(body),
        "sha": hashlib.sha256(body).hexdigest(),
        "scheme": environ["wsgi.url_scheme"],
        "headers": {name: value for name, value in environ.items() if name.startswith("HTTP_")},
    }
    text = json.dumps(said).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(text)))])
    return [text]
