"""Judges the rows of a run and lays them ready: the part that a check and an application have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from core.clock import local_today
from directory.models import Employee
from onboarding.hr_file import statuses
from onboarding.hr_file.checking import FileCheck, Rows
from onboarding.hr_file.rows import RawRow, Verdict
from onboarding.hr_file.units import NewUnit
from onboarding.imports.completing import absent_from, complete_rows
from onboarding.imports.differing import compare
from onboarding.imports.guarding import guard_protected
from onboarding.imports.planning import Plan, plan_changes
from onboarding.imports.staging import Reach, create_tables, match_people_and_jobs, stage
from onboarding.models import ImportRun

# What somebody typed into the form for one person is of no system.
FORM = "form"

Hear = Callable[[Verdict], None]
Tell = Callable[[int], None]


def ignore(_told: object) -> None:
    """Listen to nothing: the default of `hear` and `tell`."""


@dataclass(frozen=True)
class Source:
    """Rows that can be gone through again and again; `is_cut` tells, after that, whether the last broke off."""

    rows: Rows
    is_cut: Callable[[], bool]


@dataclass(frozen=True)
class Outcome:
    """What a file comes to: records by status, how many are ready and how many of those say nothing new, what would
    change, which units are new."""

    records: dict[str, int]
    ready: int
    unchanged: int
    plan: Plan
    reach: Reach
    new_units: dict[str, NewUnit]
    is_cut: bool
    # Rows whose number cannot be read: who they are of is not known.
    nameless: int

    def to_json(self) -> dict[str, Any]:
        """Return what is kept with the run."""
        figures = {"records": self.records, "ready": self.ready, "unchanged": self.unchanged}
        return figures | {"plan": self.plan.to_json(), "is_cut": self.is_cut, "nameless": self.nameless}


def judge_rows(
    run: ImportRun,
    source: Source,
    *,
    by: Employee | None,
    hear: Hear = ignore,
    tell: Tell = ignore,
    skips_warnings: bool = False,
) -> Outcome:
    """Judge the rows of `source` for `run` and fill the staging tables, which live as long as the transaction.

    `by` is who brings them in, None for the operator: what HR alone may change stays where it is somebody else.
    `hear` gets every verdict in the order of the file; `tell` hears how many steps are done (two per row).
    """
    today = local_today()
    branch = run.scope.path if run.scope else "/"
    facts: dict[str, Any] = {"today": today, "creates_units": run.creates_units, "scope_path": branch}
    # The form for one person ends the job that another one takes the place of.
    adds_jobs = run.is_delta and run.source != FORM
    check = FileCheck(source.rows, run.summary["columns"], **facts, adds_jobs=adds_jobs)
    create_tables()
    records: Counter[str] = Counter()
    ready = nameless = 0
    for verdict in stage(check.verdicts(tell), skips_warnings=skips_warnings):
        records[verdict.status] += 1
        ready += verdict.is_ready
        nameless += verdict.status == statuses.REJECT and not verdict.number
        hear(verdict)
    match_people_and_jobs(today)
    guard_protected(by)
    taken = sum(records.values()) - records[statuses.REJECT]
    # An empty or cut file tells nothing of those it does not name.
    is_cut = source.is_cut()
    # Nor does one with rows of nobody knows whom.
    ends_absent = not run.is_delta and not is_cut and not nameless and taken > 0
    reach = Reach(run.source, branch, ends_absent, today)
    changing = compare(today)
    plan = plan_changes(reach)
    return Outcome(dict(records), changing, ready - changing, plan, reach, check.new_units, is_cut, nameless)


def stored_rows(run: ImportRun) -> Source:
    """Return the source that goes through the rows stored with `run`, a few thousand at a time."""

    def rows() -> Iterator[RawRow]:
        stored = run.records.order_by("record").values_list("record", "values")
        for record, values in stored.iterator(chunk_size=2000):
            yield RawRow.from_json(record, values)

    def whole_rows() -> Iterator[RawRow]:
        absent = absent_from(run.summary["columns"])
        return complete_rows(rows(), absent, run.created_by) if absent else rows()

    return Source(whole_rows, lambda: bool(run.summary.get("is_cut")))
