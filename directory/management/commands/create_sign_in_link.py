"""Print a link with which one person chooses a password: `manage.py create_sign_in_link 104882`."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from directory.actions import record_audit_event
from directory.models import Employee


class Command(BaseCommand):
    help = (
        "Print a link with which a person who has no e-mail, or no password yet, chooses one. It works once and for "
        "three days. Give it to nobody else; that it was made is logged."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("employee_number")

    def handle(self, *args: Any, **options: Any) -> None:
        number = options["employee_number"]
        employee = Employee.objects.active().filter(employee_number=number).first()
        if employee is None:
            raise CommandError(f"Nobody who works here has the employee number {number}.")
        key = f"{user_pk_to_url_str(employee)}-{default_token_generator.make_token(employee)}"
        uid, _, token = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
        record_audit_event(actor=None, verb="directory.sign_in_link_created", obj=employee, subject=employee)
        self.stdout.write(settings.SITE_ADDRESS + path)
