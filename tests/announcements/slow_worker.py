"""A Celery worker that delivers in small chunks with a pause in each, so that a test can kill it half-way."""

from __future__ import annotations

import sys
import time

import django


def main() -> None:
    django.setup()
    # Only now: these need Django to be ready.
    from announcements import fan_outs
    from intranet.celery import app
    from notifications.fan_out import Step, jobs
    from notifications.models import FanOut

    fan_outs.CHUNK = int(sys.argv[1])
    deliver = jobs.get("announcements.deliver")

    def slowly(fan_out: FanOut) -> Step:
        time.sleep(0.1)
        return deliver(fan_out)

    jobs._items["announcements.deliver"] = slowly
    app.worker_main(["worker", "--pool=solo", "--loglevel=WARNING", "--without-gossip", "--without-mingle"])


if __name__ == "__main__":
    main()
