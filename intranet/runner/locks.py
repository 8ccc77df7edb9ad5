"""Locks on files, which the kernel lets go of when the holder dies, however it dies."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path


class FileLock:
    """A `flock` on one file, held until `release` or the end of the process."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def try_exclusive(self) -> bool:
        """Take the lock for oneself alone; False when anybody else holds it in any way."""
        return self._lock(fcntl.LOCK_EX)

    def try_shared(self) -> bool:
        """Take the lock together with others; False while one holds it alone."""
        return self._lock(fcntl.LOCK_SH)

    def wait_shared(self, *, timeout: float = 60.0) -> None:
        """Take the lock together with others, waiting for the one that holds it alone.

        Raises TimeoutError when that takes longer than `timeout` seconds.
        """
        deadline = time.monotonic() + timeout
        while not self.try_shared():
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self.path} has been locked for {timeout:.0f} s")
            time.sleep(0.05)

    def write(self, text: str) -> None:
        """Store a line for others to read; only the holder may call this."""
        if self._descriptor is None:
            raise RuntimeError("the lock is not held")
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, text.encode(), 0)

    def read(self) -> str:
        """What the holder wrote, or an empty string."""
        try:
            return self.path.read_text()
        except OSError:
            return ""

    def release(self) -> None:
        """Let go; does nothing when the lock is not held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _lock(self, kind: int) -> bool:
        if self._descriptor is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
