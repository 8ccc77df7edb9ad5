"""Rows of a run as they are shown: what is wrong, what would become of the person, and what can be done about it."""

from __future__ import annotations

import datetime
from contextlib import suppress
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.text import DIRECTIONS
from core.times import short_date
from directory.models import Employee
from onboarding.hr_file import columns, statuses
from onboarding.hr_file.messages import field_name, word
from onboarding.hr_file.rows import RawRow
from onboarding.models import ImportFinding, ImportRecord, ImportRun

_TONES = {statuses.REJECT: "err", statuses.WARN: "warn"}
# A row as a whole cannot be mended by typing into one of its columns.
WHOLE_ROW = {"too_few_fields", "too_many_fields"}
_OUTCOMES = {
    "new": (pgettext_lazy("person", "New"), "success"),
    "returned": (gettext_lazy("Comes back"), "success"),
    "moved": (gettext_lazy("Moves"), "info"),
    "leaving": (gettext_lazy("Leaves"), "warning"),
    "changed": (pgettext_lazy("person", "Changed"), "info"),
}


@dataclass
class Mend:
    """A button beside a row: `kind` is suggestion, same, confirm or edit."""

    kind: str
    text: str


@dataclass
class Said:
    """One thing said of a row."""

    text: str
    tone: str


@dataclass
class Change:
    """One fact that becomes another one."""

    label: str
    former: str
    current: str


@dataclass
class RowView:
    """One row of the table, one card on the phone."""

    record: int
    name: str
    title: str
    unit: str
    said: list[Said] = field(default_factory=list)
    mends: list[Mend] = field(default_factory=list)
    is_ready: bool = True
    # What becomes of the person, in a word and its colour; "" for nothing.
    outcome: str = ""
    color: str = ""
    changes: list[Change] = field(default_factory=list)


def present_rows(run: ImportRun, records: list[ImportRecord], viewer: Employee) -> list[RowView]:
    """Return the rows with what is said of them; a constant number of queries whatever their number."""
    shown = set(
        run.records.shown_to(viewer).filter(pk__in=[record.pk for record in records]).values_list("pk", flat=True)
    )
    said: dict[int, list[ImportFinding]] = {record.record: [] for record in records}
    for finding in run.findings.filter(record__in=list(said)).order_by("record", "pk"):
        said[finding.record].append(finding)
    sees_mobiles = viewer.has_role("hr")
    return [
        _present(record, said[record.record], sees_mobiles) if record.pk in shown else _masked(record)
        for record in records
    ]


def tell(finding: ImportFinding) -> str:
    """Return a finding in the reader's words."""
    return word(finding.code, {"value": finding.value, **finding.facts}, finding.field)


def is_masked(record: ImportRecord, viewer: Employee) -> bool:
    """Whether the row is, or may be, of a protected person whom `viewer` may not see."""
    return not ImportRecord.objects.shown_to(viewer).filter(pk=record.pk).exists()


def _masked(record: ImportRecord) -> RowView:
    return RowView(record.record, _("(protected person)"), "", "", is_ready=not record.needs_a_look)


def _present(record: ImportRecord, findings: list[ImportFinding], sees_mobiles: bool) -> RowView:
    values = RawRow.from_json(record.record, record.values).values
    name = " ".join(values.get(part, "").strip() for part in ("fornavn", "etternavn")).strip()
    graver = [finding for finding in findings if finding.status in _TONES] or findings
    outcome, color = _OUTCOMES.get(record.outcome, ("", ""))
    return RowView(
        record=record.record,
        name=_plain(name) or _("(no name)"),
        title=_plain(values.get("stilling", "")),
        unit=_plain(values.get("enhet", "") or values.get("enhetskode", "")),
        said=[Said(tell(finding), _TONES.get(finding.status, "muted")) for finding in graver],
        mends=_mends(findings) if record.needs_a_look else [],
        is_ready=not record.needs_a_look,
        outcome=str(outcome),
        color=color,
        changes=_changes(record, sees_mobiles),
    )


def _plain(text: str) -> str:
    """What is shown of a cell: short, and read the way it is written whatever marks of direction stand in it."""
    return "".join(sign for sign in text if sign not in DIRECTIONS)[:80]


def _changes(record: ImportRecord, sees_mobiles: bool) -> list[Change]:
    told = sorted(record.changes, key=lambda change: columns.ALL.index(change[0]))
    return [
        Change(_label(name), "" if name == "mobil" and not sees_mobiles else _read(name, former), _read(name, current))
        for name, former, current in told
    ]


def _label(name: str) -> str:
    return _("Leader") if name == "leder_ansattnr" else field_name(name)


def _read(name: str, value: str) -> str:
    if name == "skjermet":
        return {"J": _("Yes"), "N": _("No")}.get(value, value)
    if columns.is_date(name):
        with suppress(ValueError):
            return short_date(datetime.date.fromisoformat(value), with_year=True)
    return value


def _mends(findings: list[ImportFinding]) -> list[Mend]:
    """What can be done about a row: first the likeliest, then another way out."""
    grave = [finding for finding in findings if finding.status == statuses.REJECT]
    odd = [finding for finding in findings if finding.status == statuses.WARN]
    mends = []
    if any("mend" in finding.facts for finding in grave or odd):
        double = not grave and any(finding.code.startswith("likely_double") for finding in odd)
        mends.append(Mend("suggestion", _("Yes, the same person") if double else _("Use the suggestion")))
    if not grave and any("same" in finding.facts for finding in odd):
        mends.append(Mend("same", _("It is the same job")))
    if grave:
        whole = any(finding.code in WHOLE_ROW for finding in grave)
        mends.append(Mend("edit", _("Mend the row") if mends or whole else _edit_words(grave[0].field)))
    else:
        returns = any(finding.code.startswith("returns") for finding in odd)
        mends.append(Mend("confirm", _("Bring back the profile") if returns else _("Keep as it is")))
        if any(finding.code == "start_assumed" for finding in odd):
            mends.append(Mend("edit", _("Choose a date")))
    return mends


def _edit_words(column: str) -> str:
    if column in ("fornavn", "etternavn"):
        return _("Fill in the name")
    return _("Choose a date") if columns.is_date(column) else _("Mend the row")
