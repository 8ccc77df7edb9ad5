"""Whether an e-mail may repeat what was said: not from closed places, unless its reader chose so."""

from __future__ import annotations

from typing import Any

from directory.models import Employee
from notifications.kinds import NotificationKind


def may_reveal(reader: Employee, kind: NotificationKind[Any], target: Any) -> bool:
    """Say whether an e-mail to `reader` may hold the words themselves, and the name of the place."""
    return not kind.is_closed(target)
