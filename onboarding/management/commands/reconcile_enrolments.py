"""Make group memberships fit the enrolment rules."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from onboarding.reconcile import reconcile_enrolments


class Command(BaseCommand):
    help = "Make everyone's group memberships fit the enrolment rules. With --dry-run tell what would change."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="store nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        begun = time.monotonic()
        summary = reconcile_enrolments(dry_run=options["dry_run"])
        verb = "would be" if options["dry_run"] else "were"
        self.stdout.write(
            f"{summary.joined} memberships {verb} made, {summary.left} ended, {summary.reworded} given another reason; "
            f"{summary.grace_begun} began their days of grace. {time.monotonic() - begun:.1f} s"
        )
