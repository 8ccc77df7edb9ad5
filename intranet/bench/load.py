"""Readers with a browser each, against a running Tunet: how many pages a second, how long one waits."""

from __future__ import annotations

import http.client
import itertools
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

Knock = Callable[[], http.client.HTTPConnection]
TIMEOUT = 60.0


def at_socket(path: Path) -> Knock:
    """Knock at the web part itself, so that what stands before it hides no difference."""

    def connect() -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection("localhost", timeout=TIMEOUT)
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.settimeout(TIMEOUT)
        connection.sock.connect(str(path))
        return connection

    return connect


def at_port(port: int) -> Knock:
    """Knock at the front door, as a browser does."""
    return lambda: http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)


class Pages:
    """Fetches pages in the name of one reader after another and remembers how long each took."""

    def __init__(self, knock: Knock, path: str, cookies: Sequence[str]) -> None:
        self.knock = knock
        self.path = path
        self.cookies = itertools.cycle(cookies)
        self.taken: list[float] = []
        self.errors: list[str] = []
        self._lock = threading.Lock()

    def fetch(self, connection: http.client.HTTPConnection) -> None:
        """Fetch the page once. A status other than 200 is an error."""
        with self._lock:
            cookie = next(self.cookies)
        began = time.perf_counter()
        connection.request("GET", self.path, headers={"Cookie": cookie, "Host": "localhost"})
        response = connection.getresponse()
        response.read()
        self.taken.append(time.perf_counter() - began)
        if response.status != 200:
            self.errors.append(f"{self.path} was answered {response.status}")

    def per_second(self, requests: int, clients: int) -> float:
        """Return how many pages a second so many clients get who never pause. Raises RuntimeError on any error."""
        left = iter(range(requests))

        def work() -> None:
            connection = self.knock()
            while self._take(left):
                self.fetch(connection)
            connection.close()

        began = time.perf_counter()
        run_side_by_side(work, clients, self.errors)
        self.require_no_error()
        return requests / (time.perf_counter() - began)

    @contextmanager
    def reading(self, readers: int, pause: float) -> Iterator[None]:
        """Let so many readers fetch pages with a pause after each, while the body runs. Raises RuntimeError."""
        over = threading.Event()

        def work() -> None:
            connection = self.knock()
            while not over.is_set():
                self.fetch(connection)
                over.wait(pause)
            connection.close()

        crowd = threading.Thread(target=run_side_by_side, args=(work, readers, self.errors))
        crowd.start()
        try:
            yield
        finally:
            over.set()
            crowd.join()
        self.require_no_error()

    def require_no_error(self) -> None:
        """Raise RuntimeError with the first thing that went wrong."""
        if self.errors:
            raise RuntimeError(f"{len(self.errors)} requests failed; the first: {self.errors[0]}")

    def _take(self, left: Iterator[int]) -> bool:
        with self._lock:
            return next(left, None) is not None


def run_side_by_side(work: Callable[[], None], count: int, errors: list[str]) -> None:
    """Run `work` in so many threads to its end; what one raises is added to `errors`."""

    def guarded() -> None:
        try:
            work()
        except (OSError, http.client.HTTPException) as error:
            errors.append(f"{type(error).__name__}: {error}")

    threads = [threading.Thread(target=guarded) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
