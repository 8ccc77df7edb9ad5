"""Whether an e-mail or a locked screen may repeat what was said: not from closed places, unless its reader chose so."""

from __future__ import annotations

from typing import Any

from directory.models import Employee
from notifications.kinds import NotificationKind
from notifications.models import NotificationSettings


def may_reveal(reader: Employee, kind: NotificationKind[Any], target: Any) -> bool:
    """Say whether an e-mail to `reader` may hold the words themselves, and the name of the place."""
    return not kind.is_closed(target) or wants_closed_text(reader)


def wants_closed_text(reader: Employee) -> bool:
    """Say whether the person has chosen to get words from closed places by e-mail."""
    return NotificationSettings.objects.filter(employee=reader, closed_text_in_email=True).exists()


def may_show(reader: Employee, kind: NotificationKind[Any], target: Any) -> bool:
    """Say whether a device of `reader` may show the words themselves while it is locked."""
    if not kind.is_closed(target):
        return True
    return NotificationSettings.objects.filter(employee=reader, text_on_lock_screen=True).exists()
