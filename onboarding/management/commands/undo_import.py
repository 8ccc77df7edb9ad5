"""A file from HR taken back from the command line."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from core.errors import RefusedError
from directory.models import Employee
from onboarding.imports.actions import undo_import
from onboarding.models import ImportRun


class Command(BaseCommand):
    help = "Take back all that a file from HR changed, within 24 hours. People changed since stay, and are named."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("run", help="the id of the run, as import_employees prints it, or the file's checksum")

    def handle(self, *args: Any, **options: Any) -> None:
        runs = ImportRun.objects.newest_first()
        run = (runs.filter(public_id=options["run"]) or runs.filter(checksum=options["run"], state="applied")).first()
        if run is None:
            raise CommandError(_("There is no such run."))
        try:
            undo_import(actor=None, run=run)
        except RefusedError as error:
            raise CommandError(str(error.message)) from error
        self._summarise(run)

    def _summarise(self, run: ImportRun) -> None:
        if run.state != ImportRun.State.UNDONE:
            self.stdout.write(_("The run is being undone. Long ones take a few minutes."))
            return
        told = _("%(restored)d as before, %(erased)d removed, %(left)d left as they are: changed since.")
        self.stdout.write(told % run.summary["undone"])
        for person in Employee.objects.filter(public_id__in=run.summary["undone"]["people"]).order_by("sort_key"):
            self.stdout.write(f"  {person.employee_number or '-':10} {person.display_name}")
