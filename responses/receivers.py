"""What answers hear from below, and what the sweeper does for them."""

from __future__ import annotations

import time
from typing import Any

from django.dispatch import receiver

from directory.signals import employees_left
from notifications.sweeping import rounds
from responses import audit_words
from responses.actions import delete_old_answers, withdraw_leavers

__all__ = ["audit_words", "free_places"]

LOOKED_AFTER_EVERY_SECONDS = 3600.0


@receiver(employees_left, dispatch_uid="responses.withdraw_leavers")
def free_places(employee_ids: list[int], **facts: Any) -> None:
    """Let the places of those who have left go to others."""
    withdraw_leavers(employee_ids=employee_ids)


class _RetentionRound:
    """Deletes old answers when the sweeper begins, and every hour after."""

    def __init__(self) -> None:
        self._looked_at: float | None = None

    def __call__(self) -> int:
        now = time.monotonic()
        if self._looked_at is not None and now - self._looked_at < LOOKED_AFTER_EVERY_SECONDS:
            return 0
        self._looked_at = now
        return delete_old_answers()


rounds.add("answers: retention", _RetentionRound())
