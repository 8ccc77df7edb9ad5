"""A real mail server on the loopback that answers as a test wants, and something to send to it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from directory.models import Employee
from notifications.kinds import Bundle, NotificationKind
from notifications.models import Delivery

CUT = "cut"
SLOW = "slow"


class Calls(NotificationKind[str]):
    """«Ring Kari»: numbers above 100 are hidden from everybody."""

    key = "tests.call"
    templates = "tests"

    def visible_targets(self, reader: Employee, ids: Collection[int]) -> dict[int, str]:
        return {pk: f"call {pk}" for pk in ids if pk <= 100}

    def url(self, bundle: Bundle, target: str) -> str:
        return "/people/"

    def conversation(self, bundle: Bundle, target: str) -> str:
        return f"calls:{target}"

    def render(self, part: str, bundle: Bundle, target: str, **context: Any) -> str:
        return f"Ring Kari om {target}"


def wait_for_mail(person: Employee, number: int = 1, kind: str = Calls.key) -> Delivery:
    """Store a message to the person that is due."""
    return Delivery.objects.create(
        recipient=person, channel="email", kind=kind, event_key=f"{kind}:{number}", target_id=number
    )


class Sink:
    """What the server takes, and what it says instead: answers are used up one by one, and then everything is taken."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.sessions = 0
        self.at_mail: list[str] = []
        self.at_recipient: list[str] = []
        self.at_data: list[str] = []
        # How long it thinks over each line.
        self.seconds = 0.0

    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, name: str, lines: list[str]) -> list[str]:
        self.sessions += 1
        session.host_name = name
        return lines

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        await asyncio.sleep(self.seconds)
        if self.at_mail:
            return self.at_mail.pop(0)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.at_recipient:
            return self.at_recipient.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        answer = self.at_data.pop(0) if self.at_data else "250 OK"
        if answer in ("250 OK", CUT, SLOW):
            parsed = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(parsed, EmailMessage)
            self.taken.append(parsed)
        if answer == CUT:
            server.transport.abort()
        if answer == SLOW:
            await asyncio.sleep(1)
        return "250 OK" if answer in (CUT, SLOW) else answer

    def recipients(self) -> list[str]:
        """Whom the taken messages are to, in order."""
        return [str(message["To"]) for message in self.taken]


def free_port() -> int:
    """A port of the loopback that nobody uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def listening(sink: Sink, port: int) -> Iterator[None]:
    """Let the server listen while the body runs."""
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield
    finally:
        controller.stop()
