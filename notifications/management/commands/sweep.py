"""Run the sweeper: `manage.py sweep` until stopped, or `--once`."""

from __future__ import annotations

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections

from notifications.clock_faults import ClockWatch, set_right
from notifications.models import Pulse
from notifications.operating.pulses import Beating
from notifications.sweeping import purge_old, sweep_once

PURGE_EVERY = 3600.0


class Command(BaseCommand):
    help = "Do what workers have left standing: fan-outs and messages whose time has come and that nobody holds."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="one round, then end")
        parser.add_argument("--interval", type=float, default=2.0, help="seconds between rounds (default: 2)")

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        rounds_until_purge, alive = 0.0, Beating(Pulse.Process.SWEEPER)
        was_set_back = ClockWatch()
        while not stop.is_set():
            close_old_connections()
            alive()
            if was_set_back():
                set_right()
            if sweep_once():
                continue
            if rounds_until_purge <= 0:
                purge_old()
                rounds_until_purge = PURGE_EVERY
            if options["once"]:
                return
            stop.wait(options["interval"])
            rounds_until_purge -= options["interval"]
