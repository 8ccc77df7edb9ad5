"""When the clock has been ahead and is set right: what was stored meanwhile would wait until that time comes."""

from __future__ import annotations

import datetime
import time

from django.db.models import F
from django.utils import timezone

from notifications.models import Delivery, FanOut

# So far apart two clocks may be without anybody having set one.
TOLERATED = datetime.timedelta(minutes=2)


def set_right() -> int:
    """Let what was stored by a clock that was ahead wait as long from now as it was to wait then; return how many."""
    now = timezone.now()
    moved = 0
    for undone in (Delivery.objects.filter(state="waiting"), FanOut.objects.filter(state__in=["waiting", "running"])):
        ahead = undone.filter(not_before__gt=now, created_at__gt=now + TOLERATED)
        moved += ahead.update(not_before=now + (F("not_before") - F("created_at")), created_at=now)
    return moved


class ClockWatch:
    """Notices, in a loop, that the clock on the wall has gone backwards."""

    def __init__(self) -> None:
        self._apart = time.time() - time.monotonic()

    def __call__(self) -> bool:
        """Say whether it has been set back since the last call, by more than is tolerated."""
        former, self._apart = self._apart, time.time() - time.monotonic()
        return former - self._apart > TOLERATED.total_seconds()
