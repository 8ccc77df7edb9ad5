"""Run all of Tunet in the foreground: `make run`."""

from __future__ import annotations

import io
import os
import sys
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from intranet.runner.demo import Demo
from intranet.runner.log import Log
from intranet.runner.parts import Door
from intranet.runner.services import current_services
from intranet.runner.state import PROJECT_ROOT, StateError
from intranet.runner.supervisor import Supervisor
from intranet.runner.up import Plan, run

FILES = "django.core.mail.backends.filebased.EmailBackend"


class Command(BaseCommand):
    help = (
        "Start PostgreSQL and Valkey (unless DATABASE_URL and REDIS_URL name others), make the tables and the "
        "demo organisation, then web, live events, worker, scheduler and sweeper. Reads PORT, HOST, EMPLOYEES."
    )
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            demo = Demo.wanted(current_services().state, os.environ)
            door = Door(os.environ.get("HOST") or "127.0.0.1", port_number(os.environ.get("PORT") or "8000"))
            plan = Plan(DemoDatabase(demo).prepare, demo_signins, set(get_commands()))
            sys.exit(run(current_services(), door, plan, Log(sys.stdout)))
        except StateError as error:
            raise CommandError(str(error)) from error


class DemoDatabase:
    """Brings the database up to the code, and fills it the first time."""

    def __init__(self, demo: Demo) -> None:
        self.demo = demo

    def prepare(self, supervisor: Supervisor) -> None:
        """Make tables and demo people where they are missing. Raises GaveUp when making people fails."""
        log = supervisor.log
        call_command("migrate", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)
        if self._is_to_be_filled():
            log.line("tunet", f"Making a demo organisation of {self.demo.employees} employees.")
            size = str(self.demo.employees)
            supervisor.run_once("demo", [*manage("seed_demo"), "--employees", size])
        if "postgres" in current_services().names:
            self.demo.make_current()
        elif os.environ.get("EMPLOYEES"):
            log.line("tunet", "DATABASE_URL is set: EMPLOYEES counts only while that database has no people.")
        keep_mails_in_files()
        connections.close_all()

    def _is_to_be_filled(self) -> bool:
        return is_demo() and not get_user_model().objects.exists()


def keep_mails_in_files() -> None:
    """Let a demo that knows no mail server write its mails where one can look, slowly: a big demo sends many."""
    if is_demo() and not os.environ.get("EMAIL_HOST") and not os.environ.get("EMAIL_BACKEND"):
        os.environ["EMAIL_BACKEND"] = FILES
        os.environ.setdefault("EMAIL_PER_MINUTE", "300")


def is_demo() -> bool:
    """Say whether people are made up here."""
    return os.environ.get("TUNET_DEMO", "1") == "1" and "seed_demo" in get_commands()


def manage(command: str) -> list[str]:
    """The command line of one of our commands."""
    return [sys.executable, str(PROJECT_ROOT / "manage.py"), command]


def demo_signins() -> list[str]:
    """The lines `role  e-mail  password` of the demo, and where its mails are."""
    if not is_demo():
        return []
    output = io.StringIO()
    call_command("demo_signins", stdout=output)
    connections.close_all()
    lines = output.getvalue().splitlines()
    if lines and os.environ.get("EMAIL_BACKEND") == FILES:
        lines += ["", f"Mails are files in {settings.EMAIL_FILE_PATH} (in quiet hours, 20-06, most wait)."]
    return lines


def port_number(text: str) -> int:
    """The port that PORT names. Raises CommandError when it is none."""
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise CommandError(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)
