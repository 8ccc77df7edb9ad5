"""Connections that take their time: some never finish their request, some never read their answer."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

HEAD = b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
BODY = b"POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n"
A_BYTE_EVERY = 1.0


@contextmanager
def slow_connections(port: int, count: int) -> Iterator[None]:
    """Hold so many open while the body runs: half send a head, half a body, one byte a second."""
    opened = [socket.create_connection(("127.0.0.1", port), timeout=10) for _ in range(count)]
    for number, connection in enumerate(opened):
        connection.sendall(HEAD if number % 2 else BODY)
    over = threading.Event()

    def drip() -> None:
        while not over.wait(A_BYTE_EVERY):
            for connection in opened:
                with contextlib.suppress(OSError):
                    connection.send(b"x")

    thread = threading.Thread(target=drip)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        for connection in opened:
            connection.close()
