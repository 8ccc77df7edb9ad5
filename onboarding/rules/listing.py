"""The rules as their list shows them, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Prefetch
from django.utils.safestring import SafeString

from directory.models import Employee
from groups.models import AudienceTerm, Group
from onboarding.models import Enrolment, EnrolmentRule
from onboarding.rules.sentences import rule_sentence, rule_sentence_html


@dataclass(frozen=True)
class ListedRule:
    """One rule with its sentence and the number of people it holds in groups."""

    rule: EnrolmentRule
    terms: list[AudienceTerm]
    groups: list[Group]
    sentence: SafeString
    words: str
    applies_to: int
    known: list[Group]


def list_rules(reader: Employee, *, only: Collection[str] | None = None) -> list[ListedRule]:
    """Return the rules `reader` may see (or those among them with the ids in `only`), those in force first."""
    terms = AudienceTerm.objects.select_related("unit", "job_family", "workplace", "group").order_by("pk")
    rules = EnrolmentRule.objects.visible_to(reader).select_related("audience")
    if only is not None:
        rules = rules.filter(public_id__in=only)
    prefetched = rules.prefetch_related(Prefetch("audience__terms", queryset=terms), "groups")
    found = list(prefetched.order_by("-is_active", "pk"))
    known = set(Group.objects.visible_to(reader).values_list("pk", flat=True).filter(enrolment_rules__in=found))
    counts = _people_per_rule()
    return [_listed(rule, reader, known, counts.get(rule.pk, 0)) for rule in found]


def _people_per_rule() -> dict[int, int]:
    held = Enrolment.objects.in_force().values("rule").annotate(number=Count("employee", distinct=True))
    return {row["rule"]: row["number"] for row in held}


def _listed(rule: EnrolmentRule, reader: Employee, known: set[int], applies_to: int) -> ListedRule:
    terms = list(rule.audience.terms.all())
    groups = sorted(rule.groups.all(), key=lambda group: (group.name, group.pk))
    told = (terms, groups, rule.ends_after_days, reader, known)
    return ListedRule(
        rule,
        terms,
        groups,
        rule_sentence_html(*told),
        rule_sentence(*told),
        applies_to,
        [g for g in groups if g.pk in known],
    )
