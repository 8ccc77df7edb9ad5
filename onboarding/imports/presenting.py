"""A run as it is shown: counts, filters, who leaves, and the rules it sets off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.clock import local_today
from directory.models import Employee, Employment
from directory.querysets import EmployeeQuerySet
from groups.models import Group
from onboarding.hr_file import statuses
from onboarding.imports.changes import may_be_undone
from onboarding.imports.planning import Plan, plan_of
from onboarding.imports.rows_shown import RowView, present_rows
from onboarding.models import EnrolmentRule, ImportChange, ImportRun
from onboarding.rules.listing import ListedRule, list_rules

FIRST_ROWS = 25
SAMPLE_ROWS = 3
MOST_ROWS = 500
FEW_LEAVERS = 5
FEW_RULES = 3
_FILTERS = ("needs", "ready", "unchanged", "all")


@dataclass
class RunView:
    """Everything the page of a checked run shows."""

    run: ImportRun
    rows: list[RowView]
    more: int
    wanted: str
    pills: list[dict[str, Any]]
    counts: dict[str, int]
    plan: Plan
    more_url: str
    # A few of those who leave; how many more there are, of whom some may not be named.
    leavers: list[Employee]
    rules: list[tuple[ListedRule, int]]

    @property
    def changes(self) -> bool:
        """Whether there is anything to store."""
        return bool(self.counts["ready"] or self.plan.leaving or self.plan.ending)

    @property
    def is_news(self) -> bool:
        """Whether the file asks anything of anybody: something to store, or to look at."""
        return bool(self.changes or self.counts["needs"])

    @property
    def has_mends(self) -> bool:
        """Whether anything can be done about any row shown."""
        return any(row.mends for row in self.rows)

    @property
    def more_leavers(self) -> int:
        """How many leave beside those named."""
        return self.plan.leaving - len(self.leavers)


def view_of(run: ImportRun, viewer: Employee, *, wanted: str, limit: int) -> RunView:
    """Return what to show of `run`: at most `limit` rows of the filter `wanted` (needs, ready, unchanged or all)."""
    counts, plan = count_rows(run), plan_of(run)
    usual = next((name for name in ("needs", "ready", "unchanged") if counts[name]), "all")
    wanted = wanted if wanted in _FILTERS else usual
    limit = max(1, min(limit, MOST_ROWS))
    named = {"needs": "needing_a_look", "ready": "ready", "unchanged": "unchanged", "all": "all"}
    shown = list(getattr(run.records, named[wanted])().order_by("record")[:limit])
    more = max(0, counts[wanted] - len(shown))
    address = reverse("import_run", args=[run.public_id])
    return RunView(
        run=run,
        rows=present_rows(run, shown, viewer),
        more=min(more, FIRST_ROWS) if limit < MOST_ROWS else 0,
        wanted=wanted,
        pills=_pills(address, wanted, counts),
        counts=counts,
        plan=plan,
        more_url=f"{address}?show={wanted}&rows={limit + FIRST_ROWS}",
        leavers=list(leavers_of(run, viewer)[:FEW_LEAVERS]) if plan.leaving else [],
        rules=_rules(run, viewer),
    )


def count_rows(run: ImportRun) -> dict[str, int]:
    """Return how many rows are ready, say nothing new, must be mended, should be looked at."""
    ready, unchanged = run.summary.get("ready", 0), run.summary.get("unchanged", 0)
    must = run.summary.get("records", {}).get(statuses.REJECT, 0)
    needs = run.record_count - ready - unchanged
    told = {"all": run.record_count, "ready": ready, "unchanged": unchanged}
    return told | {"must": must, "should": needs - must, "needs": needs}


def leavers_of(run: ImportRun, viewer: Employee) -> EmployeeQuerySet:
    """Return who would leave, or has left, by the run, as far as `viewer` may find them, with their jobs.

    Those that have not begun yet stand on each as `jobs_to_come`.
    """
    to_come = Employment.objects.filter(start_date__gt=local_today()).select_related("unit").order_by("start_date")
    seen: EmployeeQuerySet = Employee.objects.visible_to(viewer).with_job().by_name()
    leavers = seen.filter(pk__in=run.leavers.values("employee"))
    return leavers.prefetch_related(Prefetch("employments", to_come, to_attr="jobs_to_come"))


def gained_groups(run: ImportRun, viewer: Employee) -> list[tuple[Group, int]]:
    """Return the groups that got new members by the run, as far as `viewer` may see them."""
    gained = dict(run.summary.get("groups", []))
    groups = Group.objects.visible_to(viewer).filter(pk__in=gained)
    return sorted(((group, gained[group.pk]) for group in groups), key=lambda pair: -pair[1])


def present_columns(run: ImportRun, form: forms.Form, viewer: Employee) -> list[tuple[forms.BoundField, str]]:
    """Return each field about a heading with what stands below it in the first rows, for HR's eyes alone."""
    rows = list(run.records.order_by("record").values_list("values", flat=True)[:SAMPLE_ROWS])
    shown = rows if viewer.has_role("hr") else []
    return [(field, " · ".join(filter(None, (row.get(field.name, "")[:40] for row in shown)))) for field in form]


def left_alone(run: ImportRun, viewer: Employee) -> list[Employee]:
    """Return those whom undoing the run left as they are, changed since as they were, as far as `viewer` sees them."""
    ids = run.summary.get("undone", {}).get("people", [])
    return list(Employee.objects.visible_to(viewer).filter(public_id__in=ids).order_by("sort_key")) if ids else []


def later_runs(run: ImportRun, viewer: Employee) -> list[ImportRun]:
    """Return the later runs, still standing, that changed any of those whom undoing `run` would restore, or left."""
    if may_be_undone(run):
        people = Q(employee__in=run.changes.values("employee"))
    elif ids := run.summary.get("undone", {}).get("people"):
        people = Q(employee__public_id__in=ids)
    else:
        return []
    later = ImportRun.objects.visible_to(viewer).filter(state=ImportRun.State.APPLIED, applied_at__gt=run.applied_at)
    touching = ImportChange.objects.filter(people).values("run")
    return list(later.filter(pk__in=touching).newest_first())


def _rules(run: ImportRun, viewer: Employee) -> list[tuple[ListedRule, int]]:
    """The rules that put most people of the file into groups, of those `viewer` keeps, each with how many."""
    joining = dict(run.summary.get("joining", {}).get("rules", []))
    if not joining or not viewer.has_perm("onboarding.keep_rules"):
        return []
    seen = EnrolmentRule.objects.visible_to(viewer).filter(pk__in=joining)
    ids = dict(seen.values_list("pk", "public_id"))
    first = [pk for pk in joining if pk in ids][:FEW_RULES]
    listed = list_rules(viewer, only=[ids[pk] for pk in first])
    return sorted(((rule, joining[rule.rule.pk]) for rule in listed), key=lambda pair: -pair[1])


def _pills(address: str, wanted: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    names = (
        ("needs", _("Needs a choice")),
        ("ready", _("Ready")),
        ("unchanged", pgettext("rows of a file", "Unchanged")),
        ("all", pgettext("rows of a file", "All")),
    )
    return [
        {"name": name, "url": f"{address}?show={key}", "active": key == wanted, "count": counts[key]}
        for key, name in names
        if counts[key] or key != "unchanged"
    ]
