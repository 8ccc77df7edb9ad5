"""What `manage.py` does before Django starts: find the servers, or start them for the command's duration."""

from __future__ import annotations

import os
import sys

from django.core.management import call_command, execute_from_command_line

from intranet.runner.demo import Demo
from intranet.runner.services import Services, set_current
from intranet.runner.state import State, StateError, state_from

# These read or write files only, or (the last line) see to their servers themselves.
WITHOUT_SERVERS = {
    "", "help", "version", "--help", "--version", "-h",
    "compile_po", "update_messages", "build_assets", "collectstatic", "findstatic", "spectacular", "new_push_key",
    "startapp", "diffsettings",
    "up", "reset",
}  # fmt: skip

# On a fresh database every other command finds its tables made.
WITHOUT_TABLES = {
    "migrate",
    "makemigrations",
    "showmigrations",
    "sqlmigrate",
    "dbshell",
    "check",
    "shell",
    "test_env",
}


def run_command(arguments: list[str]) -> None:
    """Run one Django command with the servers it needs; ends the process when they cannot be had."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "intranet.settings")
    command = arguments[1] if len(arguments) > 1 else ""
    try:
        services = services_for(command)
        if command == "up":
            os.environ.setdefault("TUNET_DEMO", "1")
            services.state.secret_key()
        services.announce(os.environ)
        set_current(services)
        if needs_servers(arguments):
            services.start()
            if command not in WITHOUT_TABLES and services.is_empty():
                migrate_first()
    except (StateError, TimeoutError) as error:
        sys.exit(str(error))
    execute_from_command_line(arguments)


def services_for(command: str) -> Services:
    """The servers a command is meant for: tests have their own, which need not survive a power cut."""
    state = state_from(os.environ)
    if command == "test_env":
        return Services(State(state.root / "test"), durable=False)
    demo = Demo.wanted(state, os.environ) if command == "up" else Demo.current(state)
    if demo.media_folder:
        os.environ.setdefault("MEDIA_ROOT", str(demo.media_folder))
    return Services(state, database=demo.database)


def needs_servers(arguments: list[str]) -> bool:
    """Whether this command line reads the database or Redis."""
    command = arguments[1] if len(arguments) > 1 else ""
    own = arguments[2 : arguments.index("--")] if "--" in arguments else arguments[2:]
    return command not in WITHOUT_SERVERS and not {"-h", "--help"} & set(own)


def migrate_first() -> None:
    """Make the tables of a new embedded database."""
    import django

    django.setup()
    print("A new database: making its tables first.", file=sys.stderr)
    call_command("migrate", verbosity=0)
