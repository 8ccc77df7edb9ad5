"""HR's file from the command line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from core.errors import RefusedError
from directory.models import OrgUnit
from onboarding.hr_file.report import ReportWriter
from onboarding.hr_file.rows import Verdict
from onboarding.hr_file.statuses import GRAVEST_FIRST
from onboarding.imports.actions import FILE, check_import, import_file, may_be_source
from onboarding.imports.checking import Hear
from onboarding.imports.presenting import count_rows
from onboarding.models import ImportRun

STOPPED, UNUSABLE = 3, 2


class Command(BaseCommand):
    help = (
        "Check a file from HR and, with --apply, bring it in. Without --apply nothing is stored. "
        "Exit status: 0 done, 2 the file cannot be used, 3 stopped because too many would leave."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="CSV with «;», UTF-8, or a workbook (.xlsx)")
        parser.add_argument("--apply", action="store_true", help="store what the file says")
        parser.add_argument("--delta", action="store_true", help="the file names only those who are new or changed")
        parser.add_argument("--create-units", action="store_true", help="make agencies and units that do not exist")
        parser.add_argument("--scope", metavar="CODE", help="the unit whose branch the file speaks of")
        parser.add_argument("--source", metavar="NAME", default=FILE, help="the system whose jobs the file speaks of")
        parser.add_argument(
            "--confirm-leavers", type=int, metavar="N", help="exactly this many may leave, however many that is"
        )
        parser.add_argument("--report", type=Path, metavar="OUT.csv", help="write one line per finding here")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with options["file"].open("rb") as file, self._report(options["report"]) as report:
                run = self._bring_in(file, report, options)
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}", returncode=UNUSABLE) from error
        except RefusedError as error:
            raise CommandError(str(error.message), returncode=UNUSABLE) from error
        self._summarise(run)

    def _bring_in(self, file: IO[bytes], report: ReportWriter | None, options: dict[str, Any]) -> ImportRun:
        self._say(_("Checking %(file)s …") % {"file": options["file"].name}, options)
        facts: dict[str, Any] = {
            "actor": None,
            "file": file,
            "file_name": options["file"].name,
            "is_delta": options["delta"],
            "scope": self._scope(options["scope"]),
            "creates_units": options["create_units"],
            "source": self._source(options["source"]),
            "hear": self._listener(options, report),
        }
        if options["apply"]:
            return import_file(confirm_leavers=options["confirm_leavers"], **facts)
        return check_import(keeps=False, **facts)

    @contextmanager
    def _report(self, path: Path | None) -> Iterator[ReportWriter | None]:
        if path is None:
            yield None
            return
        with path.open("w", encoding="utf-8", newline="") as out:
            yield ReportWriter(out)

    def _listener(self, options: dict[str, Any], report: ReportWriter | None) -> Hear:
        def hear(verdict: Verdict) -> None:
            if report is not None:
                report.write(verdict.record, verdict.number, verdict.status, verdict.findings)
            if verdict.record % 10_000 == 0:
                self._say(_("  %(count)d rows") % {"count": verdict.record}, options)

        return hear

    def _scope(self, code: str | None) -> OrgUnit | None:
        if code is None:
            return None
        unit = OrgUnit.objects.active().filter(code=code).first()
        if unit is None:
            raise CommandError(_("There is no unit with the code %(code)s.") % {"code": code}, returncode=UNUSABLE)
        return unit

    def _source(self, name: str) -> str:
        if not may_be_source(name):
            raise CommandError(_("Use another name for the system."), returncode=UNUSABLE)
        return name.lower()

    def _say(self, text: str, options: dict[str, Any]) -> None:
        if options["verbosity"] > 0:
            self.stderr.write(text, self.style.NOTICE)

    def _summarise(self, run: ImportRun) -> None:
        summary = run.summary
        self.stdout.write(_("%(count)d rows") % {"count": run.record_count})
        for status in reversed(GRAVEST_FIRST):
            if count := summary["records"].get(status):
                self.stdout.write(f"  {status:10} {count:7}")
        told = _("%(ready)d ready, %(unchanged)d unchanged, %(must)d must be mended, %(should)d should be looked at")
        self.stdout.write(told % count_rows(run))
        people = summary["plan"] | summary.get("people", {})
        for name in ("new", "changed", "moved", "returned", "leaving", "unchanged"):
            if name in people:
                self.stdout.write(f"  {name:10} {people[name]:7}")
        self._conclude(run, people["leaving"])

    def _conclude(self, run: ImportRun, leaving: int) -> None:
        if run.summary.get("is_cut"):
            self.stdout.write(_("The last row is cut off: nobody who is missing from the file has left."))
        if run.summary.get("nameless") and not run.is_delta:
            self.stdout.write(_("Some employee numbers cannot be read: nobody who is missing from the file has left."))
        if run.state == ImportRun.State.STOPPED:
            told = _("%(count)d would leave. Nothing has been stored. If this is right: --confirm-leavers %(count)d")
            raise CommandError(told % {"count": leaving}, returncode=STOPPED)
        if run.state == ImportRun.State.FAILED:
            raise CommandError(_("Others changed the same people at the same time. Nothing has been stored."))
        if run.state == ImportRun.State.APPLIED:
            self.stdout.write(_("Stored. %(count)d rows written.") % {"count": run.summary["written"]})
            if run.summary["undoable"]:
                self.stdout.write(_("Undo within 24 hours: manage.py undo_import %(run)s") % {"run": run.public_id})
        else:
            self.stdout.write(_("Nothing has been stored. Use --apply to store this."))
