"""Whether those who work behind the pages are alive: each says so now and then."""

from __future__ import annotations

import datetime
import time

from django.utils import timezone

from notifications.models import Pulse

EVERY_SECONDS = 10.0
# Silent for so long, it stands still. A round of the sweeper may meet servers that are slow; a worker is asked once
# every half minute, behind what waits before that.
SILENT_AFTER = {
    Pulse.Process.SWEEPER: datetime.timedelta(minutes=2),
    Pulse.Process.WORKER: datetime.timedelta(minutes=3),
}


def beat(process: Pulse.Process) -> None:
    """Store that `process` is alive."""
    Pulse.objects.update_or_create(process=process, defaults={"beaten_at": timezone.now()})


class Beating:
    """Beats for a loop that goes round oftener than anybody needs to know."""

    def __init__(self, process: Pulse.Process) -> None:
        self._process = process
        self._beaten_at = float("-inf")

    def __call__(self) -> None:
        """Beat, unless that was done a moment ago."""
        if time.monotonic() - self._beaten_at >= EVERY_SECONDS:
            beat(self._process)
            self._beaten_at = time.monotonic()
