"""How what HR owns about a person became what it is, in words."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from core.pagination import Cursor, Page
from core.policies import allowed
from core.times import short_date
from directory.models import Employee, FactChange

PAGE_SIZE = 30
Fact = FactChange.Fact


@dataclass(frozen=True)
class Change:
    """One fact that became another."""

    name: str
    former: str
    current: str
    source: str
    actor: Employee | None
    at: datetime.datetime


def visible_changes(viewer: Employee, person: Employee) -> QuerySet[FactChange]:
    """Return the history of `person` as far as `viewer` may read it, newest first."""
    people = allowed(Employee.objects.filter(pk=person.pk), viewer, "directory.see_history")
    changes = FactChange.objects.filter(employee__in=people).select_related("actor")
    return changes.order_by("-changed_at", "-pk")


def read_history(viewer: Employee, person: Employee, *, size: int = PAGE_SIZE, after: str = "") -> Page[Change]:
    """Return at most `size` changes, newest first, from the cursor `after` on. One query."""
    changes = visible_changes(viewer, person)
    if cursor := Cursor.decode(after):
        changes = changes.filter(Q(changed_at__lt=cursor.at) | Q(changed_at=cursor.at, pk__lt=cursor.id))
    found = list(changes[: size + 1])
    more = Cursor(found[size - 1].changed_at, found[size - 1].pk).encode() if len(found) > size else None
    return Page([_told(change) for change in found[:size]], more)


def _told(change: FactChange) -> Change:
    former, current = (_value(change.fact, text) for text in (change.former, change.current))
    return Change(
        change.get_fact_display(), former, current, change.get_source_display(), change.actor, change.changed_at
    )


def _value(fact: str, text: str) -> str:
    """Return a stored value as a person reads it."""
    if fact == Fact.PROTECTED:
        return _("Yes") if text else _("No")
    if not text:
        return ""
    if fact == Fact.PERCENTAGE:
        return f"{text.replace('.', ',')}\u00a0%"
    if fact == Fact.END_DATE:
        return short_date(datetime.date.fromisoformat(text), with_year=True)
    return str(_("Colleague")) if fact == Fact.LEADER and text == "*" else text
