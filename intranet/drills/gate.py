"""Holds a delivery at an exact place: whoever stores the message to one chosen person waits until the gate is opened.

It is a trigger in the drill's own database, so the product runs as it is and need not know. The place does not depend
on how fast the machine is or how large the chunks are: everybody before the person has been told or is being told in
the same transaction, nobody after.
"""

from __future__ import annotations

import time

from django.db import connection

KEY = 471_204
FUNCTION = f"""
CREATE OR REPLACE FUNCTION drill_gate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_advisory_xact_lock_shared({KEY}); RETURN NEW; END $$
"""
REMOVE = "DROP TRIGGER IF EXISTS drill_gate ON notifications_delivery"
PLACE = """
CREATE TRIGGER drill_gate BEFORE INSERT ON notifications_delivery FOR EACH ROW
WHEN (NEW.recipient_id = {person:d} AND NEW.kind = 'announcement') EXECUTE FUNCTION drill_gate()
"""
WAITING = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND NOT granted"


class Gate:
    """One gate; closed it holds a session of its own, for the lock lives as long as that."""

    def __init__(self) -> None:
        self._session = connection.copy()

    def close_at(self, person: int) -> None:
        """Let nobody past the employee with this id."""
        with connection.cursor() as cursor:
            cursor.execute(FUNCTION)
            cursor.execute(REMOVE)
            cursor.execute(PLACE.format(person=person))
        with self._session.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [KEY])

    def await_someone(self, seconds: float) -> bool:
        """Wait until somebody stands before the gate; False when nobody comes in time."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with connection.cursor() as cursor:
                cursor.execute(WAITING, [KEY])
                if cursor.fetchone()[0]:
                    return True
            time.sleep(0.005)
        return False

    def open(self) -> None:
        """Let everybody pass; the end of the session lets go of its lock, also when the server is gone."""
        self._session.close()
