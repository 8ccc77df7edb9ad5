"""Whom a rule is about today, and why: each part of its audience as a queryset with its reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from directory.querysets import EmployeeQuerySet
from groups.audiences import compile_terms, started_within
from groups.models import AudienceTerm, Group, Membership, OptOut


@dataclass(frozen=True)
class Effect:
    """What a rule does today: how many people it applies to, and how many would be put into a group now."""

    applies_to: int
    joining: int


def people_of(terms: Iterable[AudienceTerm], ends_after_days: int | None) -> EmployeeQuerySet:
    """Return whom a rule with these terms holds for today."""
    people = compile_terms(terms)
    return people.filter(started_within(ends_after_days)) if ends_after_days else people


def preview_effect(
    terms: Iterable[AudienceTerm], groups: Iterable[Group], *, may_leave: bool, ends_after_days: int | None
) -> Effect:
    """Return what a rule like this, saved or not, would do today. Two queries."""
    people = people_of(terms, ends_after_days)
    missing = Q(pk__in=[])
    for group in groups:
        member = Membership.objects.filter(group=group, employee=OuterRef("pk"))
        out = OptOut.objects.filter(group=group, employee=OuterRef("pk"))
        missing |= ~Exists(member) & ~Exists(out if may_leave else out.filter(removed_by__isnull=False))
    return Effect(applies_to=people.count(), joining=people.filter(missing).count())
