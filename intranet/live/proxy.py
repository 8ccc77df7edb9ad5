"""Passes requests on to the web part over its socket.

The web part answers with a few threads, so it hears of a request when all of it has come (`bodies.py`), and of what
open pages ask by themselves only a few at a time: whoever waits for a page comes first. Answers flow as they come.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from contextlib import nullcontext
from typing import Any

import httptools

from core.sizes import largest_body
from intranet.live.apologies import apologise
from intranet.live.bodies import Body, BodyTooLarge, BodyTooSlow, ClientGone, empty_body

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Header = tuple[bytes, bytes]

CHUNK = 65536
# Between one crash of the web part and its restart a reader waits rather than sees an error.
CONNECT_PATIENCE = 3.0
CONNECT_PAUSE = 0.1
# As many requests at once of those no person waits for; the web part has more threads than that.
IN_BACKGROUND = 4
ANSWER_TIMEOUT = 120.0

# These belong to one connection, not to the request.
HOP_BY_HOP = frozenset(
    b"connection keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer transfer-encoding "
    b"upgrade".split()
)
# What the server in front says by itself.
SAID_ALREADY = frozenset({b"date"})
# Nobody in front of us is trusted to say who the client is.
OURS_TO_SAY = frozenset(
    b"forwarded x-forwarded-for x-forwarded-host x-forwarded-proto x-forwarded-protocol x-forwarded-port "
    b"x-forwarded-prefix x-forwarded-ssl x-real-ip".split()
)


class WebUnavailable(Exception):
    """The web part cannot be reached or broke off before it answered."""


class Proxy:
    """An ASGI application that stands in front of the web part."""

    def __init__(self, socket_path: str, *, largest: Callable[[str], int] = largest_body) -> None:
        self.socket_path = socket_path
        self.largest = largest
        self._background = asyncio.Semaphore(IN_BACKGROUND)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with what the web part says, 408 or 413 to what is too slow or large, 502 or 504 without answer."""
        exchange = _Exchange(scope, send)
        try:
            with empty_body() as body:
                await self._take_in(scope, receive, body)
                async with self._background if is_background(scope) else nullcontext():
                    await exchange.run(await self._connect(), body.receive)
        except ClientGone:
            return
        except BodyTooSlow:
            await self._apologise(exchange, 408)
        except BodyTooLarge:
            await self._apologise(exchange, 413)
        except WebUnavailable:
            await self._apologise(exchange, 502)
        except TimeoutError:
            await self._apologise(exchange, 504)

    async def _take_in(self, scope: Scope, receive: Receive, body: Body) -> None:
        largest = self.largest(scope["path"])
        if declared_length(scope["headers"]) > largest:
            raise BodyTooLarge
        if has_body(scope):
            await body.gather(receive, largest)

    async def _connect(self) -> socket.socket:
        deadline = time.monotonic() + CONNECT_PATIENCE
        while True:
            try:
                return await connected(socket.socket(socket.AF_UNIX), self.socket_path)
            except OSError as error:
                if time.monotonic() > deadline:
                    raise WebUnavailable from error
            await asyncio.sleep(CONNECT_PAUSE)

    async def _apologise(self, exchange: _Exchange, status: int) -> None:
        if exchange.answered:
            # Half a page is on its way: breaking the connection is the only honest sign that the rest is missing.
            raise ConnectionAbortedError("the web part broke off its answer")
        await apologise(exchange.scope, exchange.send, status)


class _Exchange:
    """One request and its answer; the callbacks `on_…` are called by the parser."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self.scope = scope
        self.send = send
        self.answered = False
        self.headers: list[Header] = []
        self.body: list[bytes] = []
        self.has_headers = False
        self.complete = False
        self.patience: asyncio.Timeout

    async def run(self, connection: socket.socket, receive: Receive) -> None:
        """Send the request and pass on the answer; an answer may come before the body has been sent."""
        sending = asyncio.create_task(send_request(connection, self.scope, receive)) if has_body(self.scope) else None
        try:
            async with asyncio.timeout(None) as self.patience:
                if sending is None:
                    await send_request(connection, self.scope, receive)
                    self._grow_impatient()
                    await self._pass_answer(connection)
                else:
                    await self._pass_while(sending, connection)
        except (OSError, httptools.HttpParserError) as error:
            if isinstance(error, TimeoutError):
                raise
            raise WebUnavailable from error
        finally:
            connection.close()

    async def _pass_while(self, sending: asyncio.Task[None], connection: socket.socket) -> None:
        answering = asyncio.create_task(self._pass_answer(connection))
        try:
            await asyncio.wait({sending, answering}, return_when=asyncio.FIRST_COMPLETED)
            if sending.done():
                await sending
                self._grow_impatient()
            await answering
        finally:
            sending.cancel()
            answering.cancel()
            await asyncio.gather(sending, answering, return_exceptions=True)

    def _grow_impatient(self) -> None:
        if not self.answered:
            self.patience.reschedule(asyncio.get_running_loop().time() + ANSWER_TIMEOUT)

    async def _pass_answer(self, connection: socket.socket) -> None:
        loop, parser = asyncio.get_running_loop(), httptools.HttpResponseParser(self)
        while not self.complete:
            chunk = await loop.sock_recv(connection, CHUNK)
            if chunk:
                parser.feed_data(chunk)
            elif not self._ends_with_connection():
                raise WebUnavailable
            self.complete = self.complete or not chunk
            await self._pass_on(parser)

    def _ends_with_connection(self) -> bool:
        names = {name for name, _ in self.headers}
        return self.has_headers and not names & {b"content-length", b"transfer-encoding"}

    async def _pass_on(self, parser: httptools.HttpResponseParser) -> None:
        if self.has_headers and not self.answered:
            headers = [header for header in self.headers if header[0] not in HOP_BY_HOP | SAID_ALREADY]
            status = parser.get_status_code()
            self.answered = True
            self.patience.reschedule(None)
            await self.send({"type": "http.response.start", "status": status, "headers": headers})
        if self.answered:
            # An answer to HEAD names a length but has no body.
            self.complete = self.complete or self.scope["method"] == "HEAD"
            body, self.body = b"".join(self.body), []
            await self.send({"type": "http.response.body", "body": body, "more_body": not self.complete})

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        self.has_headers = True

    def on_body(self, body: bytes) -> None:
        self.body.append(body)

    def on_message_complete(self) -> None:
        self.complete = True


async def connected(connection: socket.socket, address: Any) -> socket.socket:
    """Connect it without waiting for others. Raises OSError.

    A plain socket, no stream: when the web part answers without reading all and closes, its answer can still be read.
    """
    connection.setblocking(False)
    try:
        await asyncio.get_running_loop().sock_connect(connection, address)
    except BaseException:
        connection.close()
        raise
    return connection


async def send_request(connection: socket.socket, scope: Scope, receive: Receive) -> None:
    """Write the head and then the body."""
    loop, chunked = asyncio.get_running_loop(), is_chunked(scope)
    await loop.sock_sendall(connection, request_head(scope, chunked=chunked))
    more = has_body(scope)
    while more:
        message = await receive()
        more, body = message.get("more_body", False), message.get("body", b"")
        pieces = (b"%x\r\n%b\r\n" % (len(body), body) if body else b"") + (b"" if more else b"0\r\n\r\n")
        try:
            await loop.sock_sendall(connection, pieces if chunked else body)
        except OSError:
            return  # the web part has answered without reading all: what it says is read beside us


def request_head(scope: Scope, *, chunked: bool) -> bytes:
    """The request line and headers as the web part is to see them."""
    path: bytes = scope.get("raw_path") or scope["path"].encode()
    target = path + (b"?" + scope["query_string"] if scope["query_string"] else b"")
    lines = [b"%b %b HTTP/1.1" % (scope["method"].encode(), target)]
    lines += [b"%b: %b" % header for header in forwarded_headers(scope)]
    if chunked:
        lines.append(b"transfer-encoding: chunked")
    return b"\r\n".join([*lines, b"connection: close", b"", b""])


def forwarded_headers(scope: Scope) -> Iterable[Header]:
    """The client's headers, and who the client is in our own words."""
    host = b""
    for name, value in scope["headers"]:
        if name == b"host":
            host = value
        if name not in HOP_BY_HOP and name not in OURS_TO_SAY and name != b"expect":
            yield name, value
    yield b"x-forwarded-for", (scope["client"][0] if scope.get("client") else "").encode()
    yield b"x-forwarded-proto", scope["scheme"].encode()
    yield b"x-forwarded-host", host


def is_chunked(scope: Scope) -> bool:
    """Whether the client sends a body of a length it does not know."""
    names = {name for name, _ in scope["headers"]}
    return b"transfer-encoding" in names and b"content-length" not in names


def has_body(scope: Scope) -> bool:
    """Whether a body follows the head."""
    return is_chunked(scope) or declared_length(scope["headers"]) > 0


def declared_length(headers: Iterable[Header]) -> int:
    """The body's length in bytes as the client declares it; 0 when it does not."""
    for name, value in headers:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0


def is_background(scope: Scope) -> bool:
    """Whether an open page asks by itself, because an event told it to."""
    return any(name == b"tunet-background" for name, _ in scope["headers"])
