"""What the audience chooser finds when something is typed: units, jobs, workplaces and groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.policies import allowed
from directory.models import Employee, JobFamily, OrgUnit, Workplace
from groups.audience_input import RawTerm
from groups.audience_words import ICONS, Kind
from groups.models import Group

MOST_PER_KIND = 6


@dataclass(frozen=True)
class Hit:
    """Something that can be added to an audience, or left out of it."""

    token: str
    name: str
    about: str
    icon: str


def find_hits(text: str, employee: Employee, *, with_groups: bool) -> list[Hit]:
    """Return what has `text` in its name, at most a few of each kind; groups only those `employee` may address."""
    if "\x00" in text:
        return []
    hits = [
        _hit(Kind.UNIT, unit, unit.parent.name if unit.parent else "")
        for unit in _named_like(OrgUnit.objects.active().select_related("parent"), text).order_by("depth", "name")[
            :MOST_PER_KIND
        ]
    ]
    hits += [_hit(Kind.JOB_FAMILY, one, _("Job")) for one in _first(JobFamily.objects.all(), text)]
    hits += [_hit(Kind.WORKPLACE, one, one.address or _("Workplace")) for one in _first(Workplace.objects.all(), text)]
    if with_groups:
        groups = allowed(Group.objects.visible_to(employee), employee, "groups.address")
        hits += [_hit(Kind.GROUP, group, group.get_privacy_display()) for group in _first(groups, text)]
    return hits


def _first(queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
    return _named_like(queryset, text).order_by("name", "pk")[:MOST_PER_KIND]


def _named_like(queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
    return queryset.filter(name__icontains=text)


def _hit(kind: Kind, one: Any, about: str) -> Hit:
    return Hit(RawTerm(False, kind, one.public_id).token, one.name, about, ICONS[kind])
