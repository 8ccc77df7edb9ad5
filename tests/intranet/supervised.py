"""Runs a supervisor over the parts that its arguments describe: `supervised.py first_pause NAME=COMMAND…`."""

from __future__ import annotations

import shlex
import sys

from intranet.runner.log import Log
from intranet.runner.supervisor import GaveUp, Part, Patience, Stopped, Supervisor


def main() -> int:
    patience = Patience(first_pause=float(sys.argv[1]), pause_factor=2, stop_timeout=1)
    parts = [Part(name, shlex.split(line)) for name, line in (word.split("=", 1) for word in sys.argv[2:])]
    log = Log(sys.stdout)
    try:
        with Supervisor(log, patience) as supervisor:
            supervisor.start(*parts)
            log.line("tunet", "ready")
            supervisor.watch()
    except Stopped as reason:
        log.line("tunet", f"stopped by {reason}")
        return 0
    except GaveUp as reason:
        log.line("tunet", f"gave up: {reason}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
