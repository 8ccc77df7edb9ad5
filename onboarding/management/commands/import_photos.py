"""Access-card photos from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.errors import RefusedError
from onboarding.portraits.actions import propose_photos
from onboarding.portraits.report import Report
from onboarding.portraits.sources import from_folder, from_zip


class Command(BaseCommand):
    help = (
        "Propose pictures named by employee number, from a folder or a ZIP. Nobody sees a picture before the person "
        "has said yes; after 90 days without an answer it is erased."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", type=Path, metavar="DIR|ZIP", help="a folder, or a ZIP file")

    def handle(self, *args: Any, source: Path, **options: Any) -> None:
        try:
            report = self._propose(source)
        except OSError as error:
            raise CommandError(f"{error.filename or source}: {error.strerror}", returncode=2) from error
        except RefusedError as error:
            raise CommandError(str(error.message), returncode=2) from error
        for line in report.lines:
            self.stdout.write(f"{line.name}: {line.words}{f' ({line.reason})' if line.reason else ''}")
        for words, count in report.rows:
            self.stdout.write(f"{count:7d}  {words}")

    def _propose(self, source: Path) -> Report:
        if source.is_dir():
            return propose_photos(actor=None, files=from_folder(source))
        with source.open("rb") as file:
            return propose_photos(actor=None, files=from_zip(file))
