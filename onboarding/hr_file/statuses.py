"""What can become of a row, gravest first."""

from __future__ import annotations

from collections.abc import Iterable

REJECT = "reject"
LEAVER = "leaver"
PENDING = "pending"
HIDDEN = "hidden"
WARN = "warn"
NORMALISE = "normalise"
IGNORE = "ignore"
ACCEPT = "accept"

GRAVEST_FIRST = (REJECT, LEAVER, PENDING, HIDDEN, WARN, NORMALISE, IGNORE, ACCEPT)
_RANK = {status: rank for rank, status in enumerate(GRAVEST_FIRST)}


def gravest(statuses: Iterable[str]) -> str:
    """Return the gravest of `statuses`; `accept` where there is none."""
    return min(statuses, key=_RANK.__getitem__, default=ACCEPT)
