"""Whom a rule is about today, and what it would change: shown before anything is saved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q

from directory.models import Employee, OrgUnit
from directory.querysets import EmployeeQuerySet
from groups.audiences import compile_terms, started_within
from groups.models import AudienceTerm, Group, Membership, OptOut
from onboarding.models import Enrolment, EnrolmentRule
from onboarding.querysets.rules import EnrolmentQuerySet

SAMPLE_SIZE = 5


@dataclass(frozen=True)
class RuleFacts:
    """How a rule treats its people, and which branch it keeps to (None: the whole organisation)."""

    may_leave: bool = True
    ends_after_days: int | None = None
    grace_days: int = 0
    branch: OrgUnit | None = None


@dataclass(frozen=True)
class Effect:
    """What a rule does today: whom it applies to, who would be put into a group now, and who would lose one.

    `leaving` counts people whom no other rule and no hand keeps; those who join and leave are named by a few.
    With `counts_unseen`, members whom the reader may not know of are among those who join.
    """

    applies_to: int
    joining: int
    leaving: int = 0
    joiners: list[Employee] = field(default_factory=list)
    leavers: list[Employee] = field(default_factory=list)
    counts_unseen: bool = False


def people_of(terms: Iterable[AudienceTerm], facts: RuleFacts) -> EmployeeQuerySet:
    """Return whom a rule with these terms holds for today."""
    people = compile_terms(terms)
    if facts.branch:
        people = people.in_branch(facts.branch.path)
    return people.filter(started_within(facts.ends_after_days)) if facts.ends_after_days else people


def preview_effect(
    terms: Iterable[AudienceTerm],
    groups: Iterable[Group],
    facts: RuleFacts,
    rule: EnrolmentRule | None = None,
    *,
    reader: Employee,
) -> Effect:
    """Return what a rule like this would do today, new or in place of the saved `rule`, as `reader` may know it.

    Who is in a closed group is for its members: to others everyone is counted whom no rule they see holds there.
    """
    people, wanted = people_of(terms, facts), list(groups)
    read = set(
        Group.objects.readable_by(reader).filter(pk__in=[group.pk for group in wanted]).values_list("pk", flat=True)
    )
    missing = Q(pk__in=[])
    for group in wanted:
        missing |= _missing(group, facts) if group.pk in read else Q(~Exists(_held_by_seen_rules(group, reader)))
    joining = people.filter(missing)
    lost = ~Q(group__in=[group.pk for group in wanted]) | ~Q(employee__in=people.values("pk"))
    leaving = _losing(rule, lost) if rule else Employee.objects.none()
    figures = (people.count(), joining.count(), leaving.count())
    return Effect(*figures, _sample(joining), _sample(leaving), counts_unseen=len(read) < len(wanted))


def _missing(group: Group, facts: RuleFacts) -> Q:
    member = Membership.objects.filter(group=group, employee=OuterRef("pk"))
    out = OptOut.objects.filter(group=group, employee=OuterRef("pk"))
    kept_out = out if facts.may_leave else out.filter(removed_by__isnull=False)
    return Q(~Exists(member), ~Exists(kept_out))


def _held_by_seen_rules(group: Group, reader: Employee) -> EnrolmentQuerySet:
    rules = EnrolmentRule.objects.visible_to(reader)
    held: EnrolmentQuerySet = Enrolment.objects.holding().filter(rule__in=rules)
    return held.filter(group=group, employee=OuterRef("pk"))


def preview_switching_off(rule: EnrolmentRule) -> Effect:
    """Return what would become of people if `rule` rested."""
    leaving = _losing(rule, Q())
    held = rule.enrolments.in_force().values("employee").distinct().count()
    return Effect(held, 0, leaving.count(), [], _sample(leaving))


def _losing(rule: EnrolmentRule, lost: Q) -> EmployeeQuerySet:
    """Those who would lose a group if `rule` let go of the enrolments that `lost` describes."""
    here = {"group": OuterRef("group"), "employee": OuterRef("employee")}
    held_up: EnrolmentQuerySet = Enrolment.objects.holding().filter(**here).exclude(rule=rule)
    by_rules_alone = Membership.objects.filter(**here, by_hand=False).exclude(role=Membership.Role.OWNER)
    let_go = Enrolment.objects.holding().filter(lost, Exists(by_rules_alone), ~Exists(held_up), rule=rule)
    people: EmployeeQuerySet = Employee.objects.active()
    return people.filter(pk__in=let_go.values("employee"))


def _sample(people: EmployeeQuerySet) -> list[Employee]:
    """A few of them with their jobs; nobody with a protected address."""
    return list(people.filter(protected=False).with_job().order_by("sort_key", "pk")[:SAMPLE_SIZE])
