"""The rules as their list shows them, in a constant number of queries."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Max, Prefetch
from django.utils.safestring import SafeString

from directory.models import Employee, OrgUnit
from groups.models import AudienceTerm, Group
from onboarding.enrolment_jobs import rules_at_work
from onboarding.models import Enrolment, EnrolmentRule
from onboarding.rules.actions import branches_for_rules
from onboarding.rules.sentences import Told, rule_sentence, rule_sentence_html

MOST_GRACES = 50
RULES_SHOWN = 50
NEWEST_FIRST = ("-is_active", "-pk")


@dataclass(frozen=True)
class ListedRule:
    """One rule with its sentence and the number of people it holds in groups."""

    rule: EnrolmentRule
    terms: list[AudienceTerm]
    groups: list[Group]
    sentence: SafeString
    words: str
    # None while it is being reckoned.
    applies_to: int | None
    known: list[Group]


@dataclass(frozen=True)
class RulesPage:
    """A page of rules: those shown, what was searched for, and where the next page begins."""

    rules: list[ListedRule]
    text: str
    agency: OrgUnit | None
    next_from: int | None


@dataclass(frozen=True)
class Grace:
    """Someone the rule has let go of, and until when they read."""

    person: Employee
    until: datetime.datetime


def list_rules(reader: Employee, *, only: Collection[str] | None = None) -> list[ListedRule]:
    """Return the rules `reader` may see (or those among them with the ids in `only`): in force, then newest, first."""
    terms = AudienceTerm.objects.select_related("unit", "job_family", "workplace", "group").order_by("pk")
    rules = EnrolmentRule.objects.visible_to(reader).select_related("audience", "branch")
    if only is not None:
        rules = rules.filter(public_id__in=only)
    prefetched = rules.prefetch_related(Prefetch("audience__terms", queryset=terms), "groups")
    found = list(prefetched.order_by(*NEWEST_FIRST))
    known = set(Group.objects.visible_to(reader).values_list("pk", flat=True).filter(enrolment_rules__in=found))
    counts, at_work = _people_per_rule(found), rules_at_work()
    return [_listed(rule, reader, known, None if rule.pk in at_work else counts.get(rule.pk, 0)) for rule in found]


def page_of_rules(
    reader: Employee, text: str = "", agency: OrgUnit | None = None, *, start: int = 0, saved: str = ""
) -> RulesPage:
    """Return the rules `reader` may see from number `start`, the one with the id `saved` before all others.

    With `text`, those that name something called so; with `agency`, those that name something in it.
    """
    rules = EnrolmentRule.objects.visible_to(reader)
    if text:
        rules = rules.named(text, Group.objects.visible_to(reader))
    if agency:
        rules = rules.in_branch(agency.path)
    others = rules.exclude(public_id=saved).order_by(*NEWEST_FIRST)
    ids = list(others.values_list("public_id", flat=True)[start : start + RULES_SHOWN + 1])
    more = start + RULES_SHOWN if len(ids) > RULES_SHOWN else None
    first = [saved] if saved and not start else []
    found = list_rules(reader, only=first + ids[:RULES_SHOWN])
    found.sort(key=lambda listed: listed.rule.public_id != saved)
    return RulesPage(found, text, agency, more)


def agencies_with_rules(reader: Employee) -> list[OrgUnit]:
    """Return the agencies to choose among; [] for who keeps the rules of one alone."""
    found = list(branches_for_rules(reader))
    return found if len(found) > 1 else []


def list_graces(rule: EnrolmentRule, reader: Employee) -> list[Grace]:
    """Return who is in the days of grace of `rule` and may be named to `reader`, the first to leave first."""
    people = Employee.objects.visible_to(reader).values("pk")
    waiting = rule.enrolments.in_grace().filter(employee__in=people).values("employee").annotate(until=Max("leaves_at"))
    until = {row["employee"]: row["until"] for row in waiting.order_by("until", "employee")[:MOST_GRACES]}
    named = Employee.objects.with_job().in_bulk(until)
    return [Grace(named[pk], moment) for pk, moment in until.items()]


def _people_per_rule(rules: list[EnrolmentRule]) -> dict[int, int]:
    held = (
        Enrolment.objects.in_force()
        .filter(rule__in=rules)
        .values("rule")
        .annotate(number=Count("employee", distinct=True))
    )
    return {row["rule"]: row["number"] for row in held}


def _listed(rule: EnrolmentRule, reader: Employee, known: set[int], applies_to: int | None) -> ListedRule:
    terms = list(rule.audience.terms.all())
    groups = sorted(rule.groups.all(), key=lambda group: (group.name, group.pk))
    told = Told(terms, groups, rule.ends_after_days, rule.branch, reader, known)
    return ListedRule(
        rule,
        terms,
        groups,
        rule_sentence_html(told),
        rule_sentence(told),
        applies_to,
        [g for g in groups if g.pk in known],
    )
