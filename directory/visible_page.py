"""What the employer can see about a person, worked out from the same rules that show it elsewhere."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.pagination import Cursor
from core.times import short_date
from directory.audit_words import words_of
from directory.history import Change, read_history
from directory.models import AuditEvent, Employee, Employment, FactChange, RoleGrant
from directory.retention import Kept, kept
from directory.role_listing import ListedGrant, listed_grants

EVENTS_SHOWN = 30
CHANGES_SHOWN = 5
Fact = FactChange.Fact


@dataclass(frozen=True)
class Held:
    """One fact HR owns: what it is, where it came from and when, and who sees it."""

    name: str
    value: str
    source: str
    since: datetime.datetime
    seen_by: str


@dataclass
class VisiblePage:
    """Everything the page shows."""

    facts: list[Held]
    jobs: list[tuple[str, list[Held]]]
    mobile_seen_by: str
    leader: Employee | None
    roles: list[ListedGrant]
    changes: list[Change]
    has_more_changes: bool
    events: list[tuple[AuditEvent, str]] = field(default_factory=list)
    next_cursor: str = ""
    retention: list[Kept] = field(default_factory=list)


def read_visible_page(employee: Employee, before: str = "") -> VisiblePage:
    """Return the page of `employee` for themself, in as many queries whatever has happened."""
    jobs = employee.employments.current().primary_first().select_related("unit", "workplace", "manager")
    listed, latest = list(jobs), _latest_changes(employee)
    history = read_history(employee, employee, size=CHANGES_SHOWN)
    grants = RoleGrant.objects.lasting().filter(employee=employee).select_related("employee", "unit", "granted_by")
    page = VisiblePage(
        facts=_facts(employee, latest),
        jobs=[(f"{job.title}, {job.unit.name}", _job_facts(employee, job, latest)) for job in listed],
        mobile_seen_by=_mobile_words(employee),
        leader=next((job.manager for job in listed if job.manager and not job.manager.protected), None),
        roles=listed_grants(employee, list(grants.order_by("-granted_at", "-pk"))),
        changes=history.items,
        has_more_changes=history.next_cursor is not None,
        retention=list(kept),
    )
    _add_events(page, employee, Cursor.decode(before))
    return page


def _add_events(page: VisiblePage, employee: Employee, cursor: Cursor | None) -> None:
    events = AuditEvent.objects.filter(subject=employee).select_related("actor").order_by("-at", "-pk")
    if cursor:
        events = events.filter(Q(at__lt=cursor.at) | Q(at=cursor.at, pk__lt=cursor.id))
    found = list(events[: EVENTS_SHOWN + 1])
    page.events = [(event, words_of(event)) for event in found[:EVENTS_SHOWN]]
    if len(found) > EVENTS_SHOWN:
        last = found[EVENTS_SHOWN - 1]
        page.next_cursor = Cursor(last.at, last.pk).encode()


def _latest_changes(employee: Employee) -> dict[str, FactChange]:
    changes = FactChange.objects.filter(employee=employee).order_by("fact", "-changed_at", "-pk").distinct("fact")
    return {change.fact: change for change in changes}


def _facts(employee: Employee, latest: dict[str, FactChange]) -> list[Held]:
    everyone = _("Your leader and HR") if employee.protected else _("All colleagues")
    contact = _("You, your leader and HR") if employee.protected else _("All colleagues")
    rows: list[tuple[str, Any, str, str]] = [
        (_("Name"), employee.full_name, everyone, Fact.LAST_NAME),
        (_("Employee number"), employee.employee_number, _("You and HR"), ""),
        (_("E-mail"), employee.email, contact, Fact.EMAIL),
        (_("Telephone"), employee.work_phone, contact, Fact.WORK_PHONE),
        (_("Mobile"), employee.private_mobile, _mobile_words(employee), Fact.PRIVATE_MOBILE),
        (_("Protected address"), _("Yes") if employee.protected else "", _("You, your leader and HR"), Fact.PROTECTED),
    ]
    return [
        _held(name, str(value), seen_by, latest.get(fact), employee) for name, value, seen_by, fact in rows if value
    ]


def _job_facts(employee: Employee, job: Employment, latest: dict[str, FactChange]) -> list[Held]:
    everyone = _("You, your leader and HR") if employee.protected else _("All colleagues")
    # No screen shows these: groups and lists follow them, and whoever brings in the file sees its rows.
    nobody_else = _("You, and HR in its own file")
    leader = job.manager.display_name if job.manager else ""
    share = f"{job.percentage.normalize():f}".replace(".", ",") + "\u00a0%"
    rows: list[tuple[str, Any, str, str]] = [
        (_("Position"), job.title, everyone, Fact.JOB),
        (_("Unit"), job.unit.name, everyone, Fact.JOB),
        (_("Workplace"), job.workplace.name if job.workplace else "", everyone, Fact.WORKPLACE),
        (_("Leader"), leader, everyone, Fact.LEADER),
        (_("Part of a full position"), share, nobody_else, Fact.PERCENTAGE),
        (_("Kind of employment"), job.kind, nobody_else, ""),
        (pgettext("period", "First day"), _date(job.start_date), everyone, ""),
        (_("Last day"), _date(job.end_date), nobody_else, Fact.END_DATE),
        (_("On leave until"), _date(job.leave_until_date), nobody_else, ""),
    ]
    return [
        _held(name, value, seen_by, latest.get(fact), employee, job) for name, value, seen_by, fact in rows if value
    ]


def _held(
    name: str, value: str, seen_by: str, change: FactChange | None, employee: Employee, job: Employment | None = None
) -> Held:
    if change:
        return Held(name, value, change.get_source_display(), change.changed_at, seen_by)
    return Held(name, value, _source_of(employee, job), employee.created_at, seen_by)


def _source_of(employee: Employee, job: Employment | None) -> str:
    source = job.source if job else "file" if employee.employee_number else "hand"
    return str(dict(FactChange.Source.choices).get(source, FactChange.Source.HAND.label))


def _mobile_words(employee: Employee) -> str:
    """Return who sees the private number, as `directory.see_mobile` has it."""
    if employee.protected:
        return _("You and your leader")
    return {
        Employee.MobileSeenBy.EVERYONE: _("All colleagues, as you have chosen"),
        Employee.MobileSeenBy.UNIT: _("Your leader and colleagues in your unit, as you have chosen"),
    }.get(Employee.MobileSeenBy(employee.mobile_seen_by), _("Only your leader, until you choose otherwise"))


def _date(date: datetime.date | None) -> str:
    return short_date(date, with_year=True) if date else ""
