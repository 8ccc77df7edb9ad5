"""Make the first administrator: `manage.py create_admin kari@example.org --name "Kari Nordby"`."""

from __future__ import annotations

import getpass
import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.errors import RefusedError
from directory.actions.first_admin import make_admin


class Command(BaseCommand):
    help = "Make an account an administrator, and make the account if need be. Asks for its password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="Administrator")

    def handle(self, *args: Any, **options: Any) -> None:
        # ADMIN_PASSWORD is for scripts, which have no terminal; a command line would show the password to everybody.
        password = os.environ.get("ADMIN_PASSWORD") or getpass.getpass("Password (empty keeps the present one): ")
        try:
            employee = make_admin(email=options["email"], name=options["name"], password=password)
        except RefusedError as error:
            raise CommandError(str(error.message)) from error
        self.stdout.write(f"{employee.full_name} administers the organisation, and signs in as {employee.email}.")
