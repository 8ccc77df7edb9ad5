"""E-mail: sends what is due from the delivery ledger, each message once, re-checked at the moment it is sent."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from django.conf import settings
from django.core.mail import get_connection

from directory.models import Organisation
from notifications.channels import ledger
from notifications.channels.email_bundles import let_go, note_gone, take_along
from notifications.channels.email_faults import AddressRefusedError, meaning_of
from notifications.channels.email_message import compose
from notifications.channels.email_refusals import is_refused, judged, note_taken
from notifications.models import Delivery

# No message takes longer, whatever crumbs its server feeds us: less than a lease lasts, or another would send it too.
LONGEST_SECONDS = 60.0


def is_on() -> bool:
    """Say whether the organisation sends e-mail at all: no host, no mail."""
    return bool(settings.EMAIL_HOST) or not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend")


def send_due(limit: int = 100) -> int:
    """Send up to `limit` messages that are due and return how many were taken up.

    A message is marked when the server has taken it: a worker that dies in between repeats at most that one. What
    a slow server kept waiting past its lease is left to whoever has taken it up.
    """
    postman = _Postman()
    try:
        return ledger.send_claimed(Delivery.Channel.EMAIL, limit, postman.send)
    finally:
        postman.close()


class _Postman:
    """One connection for all messages of a batch, opened when the first is to go."""

    def __init__(self) -> None:
        self._connection: Any = None
        self._was_cut = False

    @cached_property
    def organisation(self) -> Organisation:
        return Organisation.load()

    def send(self, delivery: Delivery) -> bool:
        """Send one message; False when it should no longer go. Raises the ledger's errors."""
        person = delivery.recipient
        found = ledger.about(delivery) if person.email else None
        if found is None:
            return False
        if delivery.priority == Delivery.Priority.ORDINARY and is_refused(person):
            raise AddressRefusedError("there has been nobody at the address for a while")
        along = take_along(delivery, found)
        try:
            self._hand_over(delivery, found, [about for _row, about in along])
        except Exception:
            let_go(along)
            raise
        note_taken(person)
        note_gone(along)
        return True

    def _hand_over(self, delivery: Delivery, found: ledger.About, along: list[ledger.About]) -> None:
        with self._cut_when_too_long():
            connection = self._opened()
            message = compose(delivery, self.organisation, found, along)
            message.connection = connection
            try:
                message.send()
            except Exception as error:
                raise self._explained(error, delivery) from error

    @contextmanager
    def _cut_when_too_long(self) -> Iterator[None]:
        timer = threading.Timer(LONGEST_SECONDS, self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _cut(self) -> None:
        """End the line under whoever waits for an answer: they are told that it broke."""
        line = getattr(getattr(self._connection, "connection", None), "sock", None)
        if line is not None:
            self._was_cut = True
            try:
                line.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def _opened(self) -> Any:
        """Open the connection unless it is open. Nothing has been handed over before: no message is to blame."""
        if self._connection is None:
            try:
                self._connection = get_connection()
                self._connection.open()
            except Exception as error:  # also a setting that is wrong or missing
                self.close()
                raise ledger.ChannelAwayError(f"{type(error).__name__}: {error}") from error
        return self._connection

    def _explained(self, error: Exception, delivery: Delivery) -> Exception:
        meaning = judged(meaning_of(error), delivery)
        if self._was_cut:
            meaning = ledger.ChannelAwayError(f"no end of one message in {LONGEST_SECONDS:.0f} s", in_hand=True)
        if isinstance(meaning, ledger.ChannelAwayError):
            self.close()
        return meaning

    def close(self) -> None:
        """End the connection, whatever state it is in."""
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except OSError:
                pass
