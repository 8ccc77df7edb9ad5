"""Print who one can sign in as in the demo."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from directory.models import Employee
from intranet.demo.sources import read
from intranet.demo.writing import PASSWORD


class Command(BaseCommand):
    help = "Print the demo's sign-ins, one a line: role, e-mail, password."

    def handle(self, *args: Any, **options: Any) -> None:
        cast = {person["key"]: person for person in read("cast")["people"]}
        wanted = [cast[key] for key in read("cast")["sign_ins"]]
        known = set(Employee.objects.filter(email__in=[p["email"] for p in wanted]).values_list("email", flat=True))
        for person in wanted:
            if person["email"] in known:
                self.stdout.write(f"{person['sign_in'].replace('_', ' '):<14} {person['email']:<34} {PASSWORD}")
