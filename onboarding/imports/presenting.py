"""A run as it is shown: counts, filters, and for each row what is wrong and the one thing to do about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from directory.models import Employee
from groups.models import Group
from onboarding.hr_file import statuses
from onboarding.hr_file.messages import word
from onboarding.hr_file.rows import RawRow
from onboarding.models import ImportFinding, ImportRecord, ImportRun

FIRST_ROWS = 25
SAMPLE_ROWS = 3
MOST_ROWS = 500
_TONES = {statuses.REJECT: "err", statuses.WARN: "warn"}
# A row as a whole cannot be mended by typing into one of its columns.
WHOLE_ROW = {"too_few_fields", "too_many_fields"}


@dataclass
class Mend:
    """The button beside a row: `kind` is suggestion, confirm or edit."""

    kind: str
    text: str


@dataclass
class Said:
    """One thing said of a row."""

    text: str
    tone: str


@dataclass
class RowView:
    """One row of the table, one card on the phone."""

    record: int
    name: str
    title: str
    unit: str
    said: list[Said] = field(default_factory=list)
    mend: Mend | None = None
    is_ready: bool = True


@dataclass
class RunView:
    """Everything the page of a checked run shows."""

    run: ImportRun
    rows: list[RowView]
    more: int
    pills: list[dict[str, Any]]
    ready: int
    unchanged: int
    must: int
    should: int
    leaving: int
    ending: int
    more_url: str

    @property
    def changes(self) -> bool:
        """Whether there is anything to store."""
        return bool(self.ready or self.leaving or self.ending)

    @property
    def is_news(self) -> bool:
        """Whether the file asks anything of anybody: something to store, or to look at."""
        return bool(self.changes or self.must or self.should)


def view_of(run: ImportRun, viewer: Employee, *, wanted: str, limit: int) -> RunView:
    """Return what to show of `run`: at most `limit` rows of the filter `wanted` (needs, ready, unchanged or all)."""
    counts = count_rows(run)
    usual = next((name for name in ("needs", "ready", "unchanged") if counts[name]), "all")
    wanted = wanted if wanted in ("needs", "ready", "unchanged", "all") else usual
    limit = max(1, min(limit, MOST_ROWS))
    named = {"needs": "needing_a_look", "ready": "ready", "unchanged": "unchanged", "all": "all"}
    shown = list(getattr(run.records, named[wanted])().order_by("record")[:limit])
    more = max(0, counts[wanted] - len(shown))
    address = reverse("import_run", args=[run.public_id])
    return RunView(
        run=run,
        rows=present_rows(run, shown, viewer),
        more=min(more, FIRST_ROWS) if limit < MOST_ROWS else 0,
        pills=_pills(address, wanted, counts),
        ready=counts["ready"],
        unchanged=counts["unchanged"],
        must=counts["must"],
        should=counts["should"],
        leaving=run.summary.get("plan", {}).get("leaving", 0),
        ending=run.summary.get("plan", {}).get("ending", 0),
        more_url=f"{address}?show={wanted}&rows={limit + FIRST_ROWS}",
    )


def count_rows(run: ImportRun) -> dict[str, int]:
    """Return how many rows are ready, say nothing new, must be mended, should be looked at."""
    ready, unchanged = run.summary.get("ready", 0), run.summary.get("unchanged", 0)
    must = run.summary.get("records", {}).get(statuses.REJECT, 0)
    needs = run.record_count - ready - unchanged
    told = {"all": run.record_count, "ready": ready, "unchanged": unchanged}
    return told | {"must": must, "should": needs - must, "needs": needs}


def present_rows(run: ImportRun, records: list[ImportRecord], viewer: Employee) -> list[RowView]:
    """Return the rows with what is said of them; two queries whatever their number."""
    shown = set(
        run.records.shown_to(viewer).filter(pk__in=[record.pk for record in records]).values_list("pk", flat=True)
    )
    said: dict[int, list[ImportFinding]] = {record.record: [] for record in records}
    for finding in run.findings.filter(record__in=list(said)).order_by("record", "pk"):
        said[finding.record].append(finding)
    return [_present(record, said[record.record], masked=record.pk not in shown) for record in records]


def tell(finding: ImportFinding) -> str:
    """Return a finding in the reader's words."""
    return word(finding.code, {"value": finding.value, **finding.facts}, finding.field)


def is_masked(record: ImportRecord, viewer: Employee) -> bool:
    """Whether the row is, or may be, of a protected person whom `viewer` may not see."""
    return not ImportRecord.objects.shown_to(viewer).filter(pk=record.pk).exists()


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


def _present(record: ImportRecord, findings: list[ImportFinding], *, masked: bool) -> RowView:
    row = RawRow.from_json(record.record, record.values)
    name = " ".join(row.values.get(part, "").strip() for part in ("fornavn", "etternavn")).strip()
    is_ready = record.status not in _TONES or (record.status == statuses.WARN and row.is_confirmed)
    graver = [finding for finding in findings if finding.status in _TONES] or findings
    return RowView(
        record=record.record,
        name=_("(protected person)") if masked else name[:80] or _("(no name)"),
        title="" if masked else row.values.get("stilling", "")[:80],
        unit="" if masked else (row.values.get("enhet", "") or row.values.get("enhetskode", ""))[:80],
        said=[] if masked else [Said(tell(finding), _TONES.get(finding.status, "muted")) for finding in graver],
        mend=None if is_ready or masked else _mend(findings, record.status),
        is_ready=is_ready,
    )


def _mend(findings: list[ImportFinding], status: str) -> Mend | None:
    grave = [finding for finding in findings if finding.status == status]
    if any("mend" in finding.facts for finding in grave):
        return Mend("suggestion", _("Use the suggestion"))
    if status == statuses.WARN:
        returns = any(finding.code.startswith("returns") for finding in grave)
        return Mend("confirm", _("Bring back the profile") if returns else _("Keep as it is"))
    if any(finding.code in WHOLE_ROW for finding in grave):
        return None
    return Mend("edit", _edit_words(grave[0].field if grave else ""))


def _edit_words(column: str) -> str:
    if column in ("fornavn", "etternavn"):
        return _("Fill in the name")
    return _("Choose a date") if column.endswith(("dato", "_til")) else _("Mend the row")
