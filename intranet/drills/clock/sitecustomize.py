"""Shows every Python process that starts with this folder on its path the hour a drill wants, as one clock would.

The file named by DRILL_CLOCK holds how many seconds the clock is ahead; it is looked at all the time. What measures
spans (time.monotonic) goes on as ever, as it does on a machine whose clock somebody sets. PostgreSQL and Redis keep the
true hour.
"""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from typing import Any

import time_machine

LOOKED_AT_EVERY = 0.05
FILE = Path(os.environ["DRILL_CLOCK"])
_shown: dict[str, Any] = {"ahead": 0.0, "clock": None}


def true_time() -> float:
    """Return what the clock would say if nobody had set it."""
    hatch = time_machine.escape_hatch
    return float(hatch.time.time() if hatch.is_travelling() else time.time())


def _look() -> None:
    ahead = float(FILE.read_text()) if FILE.exists() else 0.0
    if ahead == _shown["ahead"]:
        return
    moment = true_time() + ahead
    if _shown["clock"] is None:
        _shown["clock"] = time_machine.travel(moment).start()
    else:
        _shown["clock"].move_to(moment)
    # Its seconds begin when it is first asked: a process that asks nothing for a while would be that much behind.
    time.time()
    _shown["ahead"] = ahead


def _look_for_ever() -> None:
    while True:
        _look()
        threading.Event().wait(LOOKED_AT_EVERY)


def _follow() -> None:
    threading.Thread(target=_look_for_ever, daemon=True).start()


_look()
_follow()
# A process that is forked has none of the threads of the one it came from.
os.register_at_fork(after_in_child=_follow)
