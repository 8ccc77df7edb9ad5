"""Make a key to the API: `manage.py create_api_token amina@example.org --name "Wall screen"`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from directory.actions import create_api_token
from directory.models import Employee


class Command(BaseCommand):
    help = "Make a key to the API that stands for one account, and print it. It is shown this once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="e-mail, employee number or user name of the account")
        parser.add_argument("--name", default="Command line", help="what the key is for")

    def handle(self, *args: Any, **options: Any) -> None:
        employee = Employee.objects.with_login(options["email"]).filter(is_active=True).first()
        if employee is None:
            raise CommandError(f"No active account has {options['email']!r}.")
        _, key = create_api_token(actor=None, employee=employee, name=options["name"])
        self.stdout.write(key)
