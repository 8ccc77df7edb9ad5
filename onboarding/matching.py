"""Whom a rule is about today, and why: each part of its audience as a queryset with its reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from directory.querysets import EmployeeQuerySet
from groups.audiences import compile_terms, started_within
from groups.models import AudienceTerm, Group, Membership, OptOut
from groups.reasons import reason_of
from onboarding.models import EnrolmentRule

Kind = AudienceTerm.Kind
# From the most telling reason to the least; a section tells more than its agency.
_TELLING = {
    Kind.UNIT: 10,
    Kind.WORKPLACE: 30,
    Kind.JOB_FAMILY: 40,
    Kind.LEADERS: 50,
    Kind.STARTED_WITHIN: 60,
    Kind.EVERYONE: 70,
}
DEEPEST = 9


@dataclass(frozen=True)
class RulePart:
    """One include term of one rule: the people it holds for today and the reason they are given."""

    rule_id: int
    may_leave: bool
    people: EmployeeQuerySet
    reason: dict[str, str]


@dataclass(frozen=True)
class Effect:
    """What a rule does today: how many people it applies to, and how many would be put into a group now."""

    applies_to: int
    joining: int


def load_rule_parts() -> list[RulePart]:
    """Return the parts of every rule in force, the most telling reasons first. Two queries."""
    rules = EnrolmentRule.objects.in_force().select_related("audience")
    terms = _terms_by_audience([rule.audience_id for rule in rules])
    found = [(term, rule, terms[rule.audience_id]) for rule in rules for term in terms.get(rule.audience_id, [])]
    ordered = sorted(found, key=lambda one: (_rank(one[0], one[1]), one[1].pk, one[0].pk))
    return [_part(term, rule, siblings) for term, rule, siblings in ordered if not term.exclude]


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


def _terms_by_audience(audience_ids: list[int]) -> dict[int, list[AudienceTerm]]:
    terms: dict[int, list[AudienceTerm]] = {}
    found = AudienceTerm.objects.filter(audience__in=audience_ids).select_related("unit", "job_family", "workplace")
    for term in found.order_by("pk"):
        terms.setdefault(term.audience_id, []).append(term)
    return terms


def _part(term: AudienceTerm, rule: EnrolmentRule, siblings: list[AudienceTerm]) -> RulePart:
    left_out = [other for other in siblings if other.exclude]
    people = people_of([term, *left_out], rule.ends_after_days)
    return RulePart(rule.pk, rule.may_leave, people, _reason(term, rule))


def _reason(term: AudienceTerm, rule: EnrolmentRule) -> dict[str, str]:
    if term.kind == Kind.EVERYONE and rule.ends_after_days:
        return {"kind": Kind.STARTED_WITHIN.value, "name": str(rule.ends_after_days)}
    return reason_of(term)


def _rank(term: AudienceTerm, rule: EnrolmentRule) -> int:
    if term.kind == Kind.UNIT and term.unit:
        return _TELLING[Kind.UNIT] + DEEPEST - min(term.unit.depth, DEEPEST)
    kind = Kind.STARTED_WITHIN if term.kind == Kind.EVERYONE and rule.ends_after_days else Kind(term.kind)
    return _TELLING.get(kind, 80)
