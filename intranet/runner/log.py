"""One readable log of many processes: time, name of the part, line."""

from __future__ import annotations

import os
import time
from typing import TextIO

COLOURS = {
    "tunet": 1,
    "postgres": 34,
    "valkey": 35,
    "web": 32,
    "live": 36,
    "worker": 33,
    "scheduler": 94,
    "sweeper": 95,
    "demo": 96,
}
WIDTH = max(map(len, COLOURS))


class Log:
    """Writes prefixed lines, in colour on a terminal unless NO_COLOR is set."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.coloured = stream.isatty() and not os.environ.get("NO_COLOR")

    def line(self, name: str, text: str) -> None:
        """Write one line of a part. A reader who has gone away does not stop us."""
        prefix = f"{time.strftime('%H:%M:%S')} {name:<{WIDTH}} |"
        if self.coloured:
            prefix = f"\x1b[{COLOURS.get(name, 0)}m{prefix}\x1b[0m"
        self._write(f"{prefix} {text}\n")

    def plain(self, text: str) -> None:
        """Write text without a prefix."""
        self._write(f"{text}\n")

    def _write(self, text: str) -> None:
        try:
            self.stream.write(text)
            self.stream.flush()
        except (BrokenPipeError, OSError, ValueError):
            pass
