"""A mail server of the drill's own: takes every message, keeps which it has taken, and can hold one back."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import Counter
from email import message_from_bytes
from typing import Any

from aiosmtpd.controller import Controller

TAKEN = "250 Taken"
LONGEST_HOLD = 60.0


class MailServer:
    """Listens on a port of the loopback while used as a context manager."""

    def __init__(self, port: int, *, prefix: str = "") -> None:
        # Only messages whose Message-ID begins so are counted.
        self.prefix = prefix
        # How often each message was taken, by its Message-ID, and whom it went to.
        self.taken: Counter[str] = Counter()
        self.recipients: Counter[str] = Counter()
        self._hold_at: int | None = None
        self._held, self._released = threading.Event(), threading.Event()
        logging.getLogger("mail.log").setLevel(logging.CRITICAL)
        self._port = port
        self._controller: Controller | None = None

    def __enter__(self) -> MailServer:
        self.come_back()
        return self

    def __exit__(self, *_: object) -> None:
        self.release()
        self.go_away()

    def come_back(self) -> None:
        """Listen."""
        self._controller = Controller(self, hostname="127.0.0.1", port=self._port)
        self._controller.start()

    def go_away(self) -> None:
        """Cut every line, and let nobody in."""
        controller, self._controller = self._controller, None
        if controller is not None:
            controller.stop()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """Take a message; the one to be held has been taken, but its sender is not told yet."""
        name = str(message_from_bytes(envelope.content)["Message-ID"]).strip()
        if not name.startswith(self.prefix):
            return TAKEN
        self.taken[name] += 1
        self.recipients.update(envelope.rcpt_tos)
        if self._hold_at is not None and self.count >= self._hold_at:
            self._hold_at = None
            self._held.set()
            await asyncio.to_thread(self._released.wait, LONGEST_HOLD)
        return TAKEN

    @property
    def count(self) -> int:
        """How many messages were taken, repeated ones included."""
        return sum(self.taken.values())

    @property
    def repeated(self) -> int:
        """How many messages were taken once more than they should."""
        return sum(times - 1 for times in self.taken.values())

    def forget(self) -> None:
        """Begin to count anew."""
        self.taken.clear()
        self.recipients.clear()

    def hold_at(self, count: int) -> None:
        """Hold back the answer to the message with this number, until `release`."""
        self._held.clear()
        self._released.clear()
        self._hold_at = count

    def await_held(self, seconds: float) -> bool:
        """Wait until the message to be held has come; False when it does not come in time."""
        return self._held.wait(seconds)

    def release(self) -> None:
        """Answer what was held back."""
        self._hold_at = None
        self._released.set()
