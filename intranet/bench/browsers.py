"""Thousands of browsers in one process of their own: each holds a stream open and fetches what an event tells of.

Started by `streams.py` with a port and a file of cookies; takes one command a line and answers each with a line of
JSON. It does what `static/js/line.js` does: comes back when it is told to, or after a pause that grows and is its own.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from pathlib import Path
from typing import Any

PATIENCE_SECONDS = 120.0
MARK = b'"id": "'


class Tab(asyncio.Protocol):
    """One connection that holds the stream of one browser."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.head = b""
        self.is_open = False
        self.transport: Any = None

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        transport.write(self.browser.request("/events/"))

    def data_received(self, data: bytes) -> None:
        if not self.is_open:
            self.head += data
            if b"\r\n\r\n" not in self.head:
                return
            self._answered()
        elif b'"announcement"' in data:
            self.browser.heard(time.monotonic())

    def _answered(self) -> None:
        if self.head.startswith(b"HTTP/1.1 200"):
            self.is_open = True
            self.browser.opened(time.monotonic())
            return
        told = next((line for line in self.head.split(b"\r\n") if line.lower().startswith(b"retry-after:")), b":5")
        self.browser.come_back(int(told.partition(b":")[2]) * (1 + random.random()))
        self.transport.abort()

    def connection_lost(self, _error: Exception | None) -> None:
        if self.browser.tab is self:
            self.browser.lost()


class Browser:
    """One reader's browser."""

    def __init__(self, crowd: Crowd, cookie: str) -> None:
        self.crowd = crowd
        self.cookie = cookie
        self.tab: Tab | None = None
        self.tries = 0
        self.open_at: float | None = None
        self.heard_at: float | None = None
        self.refused = 0

    def request(self, path: str, *more: str) -> bytes:
        lines = [f"GET {path} HTTP/1.1", "Host: localhost", f"Cookie: {self.cookie}", *more, "", ""]
        return "\r\n".join(lines).encode()

    async def connect(self) -> None:
        """Open the stream, or come back later."""
        try:
            _transport, self.tab = await asyncio.get_running_loop().create_connection(
                lambda: Tab(self), "127.0.0.1", self.crowd.port
            )
        except OSError:
            self.lost()

    def opened(self, at: float) -> None:
        self.open_at, self.tries = at, 0

    def heard(self, at: float) -> None:
        self.heard_at = self.heard_at or at

    def lost(self) -> None:
        self.tries += 1
        self.come_back(min(120.0, 2.0 ** min(self.tries, 7)) * (0.5 + random.random()))

    def come_back(self, seconds: float) -> None:
        self.tab, self.open_at = None, None
        self.refused += 1
        asyncio.get_running_loop().call_later(seconds, lambda: self.crowd.start(self.connect()))

    async def fetch(self, path: str, wait: float, began: float) -> float | None:
        """Fetch what an event told of, and return how long after the event it had come; None for anything but 200."""
        await asyncio.sleep(wait)
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.crowd.port)
            writer.write(self.request(path, "Connection: close", "Tunet-Background: 1"))
            answer = await reader.read()
            writer.close()
        except OSError:
            return None
        return time.monotonic() - began if answer.startswith(b"HTTP/1.1 200") else None


class Crowd:
    """All browsers, and the commands."""

    def __init__(self, port: int, cookies: list[str]) -> None:
        self.port = port
        self.browsers = [Browser(self, cookie) for cookie in cookies]
        self._tasks: set[asyncio.Task[Any]] = set()

    def start(self, coroutine: Any) -> None:
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def open(self) -> dict[str, Any]:
        """Everybody comes at once."""
        began = time.monotonic()
        for browser in self.browsers:
            self.start(browser.connect())
        await self._until(lambda: all(browser.open_at for browser in self.browsers))
        return self._connected(began)

    async def back(self, began: float) -> dict[str, Any]:
        """Wait until everybody is back after the door was shut at `began`."""
        await self._until(lambda: all((browser.open_at or 0) > began for browser in self.browsers))
        return self._connected(began)

    def _connected(self, began: float) -> dict[str, Any]:
        times = sorted((browser.open_at or 0) - began for browser in self.browsers)
        return {
            "times": [each for each in times if each > 0],
            "refused": sum(browser.refused for browser in self.browsers),
        }

    async def hear(self, began: float) -> dict[str, Any]:
        """Wait until everybody has heard of what was told at `began`."""
        await self._until(lambda: all(browser.heard_at for browser in self.browsers))
        return {"times": sorted(browser.heard_at - began for browser in self.browsers if browser.heard_at)}

    async def fetch(self, path: str, every: int, spread: float) -> dict[str, Any]:
        """Let one in `every` fetch what the event told of, each at a moment of its own."""
        began = time.monotonic()
        asked = self.browsers[::every]
        times = await asyncio.gather(*(one.fetch(path, random.random() * spread, began) for one in asked))
        return {"times": sorted(each for each in times if each is not None), "asked": len(asked)}

    async def _until(self, done: Any) -> None:
        over = time.monotonic() + PATIENCE_SECONDS
        while not done() and time.monotonic() < over:
            await asyncio.sleep(0.1)

    async def obey(self) -> None:
        """Answer commands until there are no more."""
        while line := await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline):
            command, *arguments = json.loads(line)
            print(json.dumps(await getattr(self, command)(*arguments)), flush=True)


if __name__ == "__main__":
    crowd = Crowd(int(sys.argv[1]), Path(sys.argv[2]).read_text().split("\n"))
    asyncio.run(crowd.obey())
