"""What the rows that wait for somebody's choice would change, were they taken: shown before the choice is made."""

from __future__ import annotations

from core.clock import local_today
from directory.models import Employee
from onboarding.hr_file.rows import Verdict
from onboarding.imports.differences import collect_differences
from onboarding.imports.differing import compare
from onboarding.imports.guarding import guard_protected
from onboarding.imports.planning import plan_changes
from onboarding.imports.staging import Reach, create_tables, match_people_and_jobs, run, stage
from onboarding.models import ImportRun

# As many as a page shows; whoever has made up their mind about these sees the next.
MOST = 500

_TELL = """
UPDATE onboarding_importrecord r SET outcome = d.outcome, changes = d.changes
FROM import_difference d WHERE r.run_id = %(run)s AND r.record = d.record
"""


class WaitingRows:
    """Hears the verdicts of a check, and keeps the first of those that are left out for now."""

    def __init__(self) -> None:
        self._verdicts: list[Verdict] = []

    def hear(self, verdict: Verdict) -> None:
        """Keep it where it could be taken once somebody has looked at it."""
        if verdict.person is not None and not verdict.is_ready and len(self._verdicts) < MOST:
            self._verdicts.append(verdict)

    def tell(self, import_run: ImportRun, by: Employee | None) -> None:
        """Store with their rows what they would change. It fills the staging tables anew, so it comes last."""
        if not self._verdicts:
            return
        today = local_today()
        create_tables()
        for _verdict in stage(self._verdicts):
            pass
        match_people_and_jobs(today)
        guard_protected(by)
        compare(today)
        plan_changes(Reach(import_run.source, import_run.scope.path if import_run.scope else "/", False, today))
        collect_differences()
        run(_TELL, run=import_run.pk)
