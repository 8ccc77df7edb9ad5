"""The work on a stored run, done by whoever comes first: the request itself, a worker or the sweeper."""

from __future__ import annotations

import datetime
import logging
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Case, Value, When
from django.utils import timezone

from core.database import lock_for_transaction
from directory.actions import record_audit_event, refresh_people
from directory.models import Employee, JobFamily, OrgUnit, Workplace
from onboarding.hr_file.rows import Verdict
from onboarding.imports.ageing import what_stands
from onboarding.imports.changes import keep_changes, set_aside
from onboarding.imports.checking import Hear, Outcome, Source, Tell, ignore, judge_rows, stored_rows
from onboarding.imports.enrolling import enrol_changed
from onboarding.imports.history import write_history
from onboarding.imports.joining import count_joining
from onboarding.imports.making_units import make_units
from onboarding.imports.planning import keep_leavers
from onboarding.imports.progress import tell_progress
from onboarding.imports.starting import new_starters, returned_starters
from onboarding.imports.storing import VerdictStore
from onboarding.imports.undoing import undo_run
from onboarding.imports.waiting import WaitingRows
from onboarding.imports.writing import (
    analyse_people,
    changed_people,
    let_go_of_managers,
    touched_people,
    write_jobs,
    write_leaders,
    write_people,
)
from onboarding.models import ImportRun, Welcome
from onboarding.welcome.telling import tell_leaders_soon, welcome_back

logger = logging.getLogger(__name__)

# The welcome page is for those who begin, or began within these days.
WELCOME_DAYS = 30
# So many new rows that the planner must hear of them before the statements that follow.
MANY = 1_000
State = ImportRun.State
# What a worker or the sweeper takes up.
WORKING = (State.CHECKING, State.APPLYING, State.UNDOING)


def continue_run(run_id: int) -> bool:
    """Do what the run waits for; return False when someone else is at it or it waits for nothing.

    Safe to call at any time, twice: the row is locked while the work is done, and the state says what remains.
    """
    try:
        with transaction.atomic():
            waiting = ImportRun.objects.filter(pk=run_id, state__in=WORKING)
            run = waiting.select_for_update(skip_locked=True, of=("self",)).select_related("scope").first()
            if run is None:
                return False
            _do(run)
    except Exception:
        logger.exception("import run %s failed", run_id)
        # What could not be taken back stands as before.
        stands = Case(When(state=State.UNDOING, then=Value(State.APPLIED)), default=Value(State.FAILED))
        ImportRun.objects.filter(pk=run_id).update(state=stands, error="failed")
    return True


def _do(run: ImportRun) -> None:
    if run.state == State.CHECKING:
        check_stored(run)
        return
    choice = run.summary.get("choice", {})
    if run.state == State.UNDOING:
        undo_run(run, Employee.objects.filter(pk=choice.get("undone_by")).first())
        return
    actor = Employee.objects.filter(pk=choice.get("actor")).first()
    apply_stored(actor, run, choice.get("confirm_leavers"), choice.get("skips_warnings", False))


@transaction.atomic
def check_stored(run: ImportRun, hear: Hear = ignore) -> None:
    """Judge, again or for the first time, the rows stored with `run`."""
    tell, skips = tell_progress(run.pk, 2 * run.record_count), run.summary.get("skips_warnings", False)
    waiting = WaitingRows()

    def hear_both(verdict: Verdict) -> None:
        hear(verdict)
        waiting.hear(verdict)

    outcome = _judge(run, stored_rows(run), run.created_by, hear_both, tell, skips_warnings=skips)
    run.summary = run.summary | outcome.to_json()
    run.summary["joining"] = count_joining(outcome.reach, run.created_by)
    run.state, run.error, run.done_count = State.CHECKED, "", run.record_count
    run.save(update_fields=["summary", "state", "error", "done_count"])
    if skips:
        waiting.tell(run, run.created_by)


def apply_stored(
    actor: Employee | None,
    run: ImportRun,
    confirm_leavers: int | None,
    skips_warnings: bool,
    hear: Hear = ignore,
    source: Source | None = None,
) -> None:
    """Bring the rows of `source`, or those stored, into the directory, as `actions.apply_import` promises."""
    try:
        with transaction.atomic():
            if _has_been_done(run):
                run.refresh_from_db()
                return
            _apply(actor, run, confirm_leavers, skips_warnings, hear, source or stored_rows(run))
    except IntegrityError:
        # Somebody made an account by hand with the same number or address at the same moment.
        logger.exception("import run %s met another change", run.pk)
        run.state, run.error = State.FAILED, "conflict"
    run.save(update_fields=["state", "error", "summary", "applied_at", "record_count"])


def _has_been_done(run: ImportRun) -> bool:
    """Whether somebody else was quicker. The row is locked before the people, in the order of `continue_run`."""
    state = ImportRun.objects.select_for_update().values_list("state", flat=True).get(pk=run.pk)
    return state != run.state and state in (State.APPLIED, State.UNDOING, State.UNDONE)


def _judge(
    run: ImportRun, source: Source, by: Employee | None, hear: Hear, tell: Tell, *, skips_warnings: bool = False
) -> Outcome:
    """Judge the rows, keeping what is said of them in place of what was said before."""
    store = VerdictStore(run)

    def hear_both(verdict: Verdict) -> None:
        store.hear(verdict)
        hear(verdict)

    run.summary["as_of"] = what_stands() | {"at": timezone.now().isoformat()}
    outcome = judge_rows(run, source, by=by, hear=hear_both, tell=tell, skips_warnings=skips_warnings)
    store.finish()
    keep_leavers(run)
    return outcome


def _apply(
    actor: Employee | None,
    run: ImportRun,
    confirm_leavers: int | None,
    skips_warnings: bool,
    hear: Hear,
    source: Source,
) -> None:
    lock_for_transaction("people")
    tell = tell_progress(run.pk, 3 * run.record_count)
    outcome = _judge(run, source, actor, hear, tell, skips_warnings=skips_warnings)
    run.record_count = sum(outcome.records.values())
    run.summary = run.summary | outcome.to_json()
    if outcome.plan.goes_beyond(confirm_leavers):
        run.state = State.STOPPED
        return
    run.summary |= _write(outcome)
    write_history(actor, run.source)
    run.summary["undoable"] = keep_changes(run)
    run.state, run.error, run.applied_at = State.APPLIED, "", timezone.now()
    facts = {key: run.summary[key] for key in ("records", "people", "written", "units")} | {"checksum": run.checksum}
    record_audit_event(actor=actor, verb="onboarding.import_applied", obj=run, facts=facts)
    _forget_taken_rows(run)


def _write(outcome: Outcome) -> dict[str, Any]:
    """Take the staged rows over; return the figures to keep with the run."""
    set_aside()
    leaders, known = _leaders(), _kinds_of_jobs()
    units = make_units(outcome.new_units)
    written = write_people() + write_jobs(outcome.reach)
    changed, touched = changed_people(), touched_people()
    if len(changed) > MANY:
        analyse_people()
    refresh_people(changed)
    let_go_of_managers(outcome.reach)
    write_leaders(outcome.reach.today)
    led = [[pk, leaders.get(pk), leader] for pk, leader in _leaders().items() if leaders.get(pk) != leader]
    welcome_starters(outcome.reach.today)
    groups = enrol_changed(touched)
    made = {name: sorted(ids - known[name]) for name, ids in _kinds_of_jobs().items()}
    figures = {"units": len(units), "unit_ids": units, "led": led, "made": made, "written": written}
    return figures | {"people": outcome.plan.people, "groups": groups}


def _leaders() -> dict[int, int | None]:
    return dict(OrgUnit.objects.values_list("pk", "leader"))


def _kinds_of_jobs() -> dict[str, set[int]]:
    return {
        "families": set(JobFamily.objects.values_list("pk", flat=True)),
        "workplaces": set(Workplace.objects.values_list("pk", flat=True)),
    }


def welcome_starters(today: datetime.date) -> None:
    """Make a welcome page for each person of the written rows who begins, or began a few weeks ago, or comes back."""
    since = today - datetime.timedelta(days=WELCOME_DAYS)
    rows = [Welcome(employee_id=employee_id, starts_date=date) for employee_id, date in new_starters(since)]
    Welcome.objects.bulk_create(rows, batch_size=2000, ignore_conflicts=True)
    welcome_back(returned_starters(since))
    tell_leaders_soon()


def _forget_taken_rows(run: ImportRun) -> None:
    """What has been taken over stands in the directory; only rows someone may still want to mend are kept on."""
    run.records.exclude(needs_a_look=True).exclude(status="warn").delete()
