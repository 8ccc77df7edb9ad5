"""What became of a rule: who made, changed or switched it, when, and what it said then."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from directory.models import AuditEvent, Employee, OrgUnit
from groups.audience_input import read_token, resolve_terms
from groups.models import AudienceTerm, Group
from onboarding.models import EnrolmentRule
from onboarding.rules.sentences import Told, rule_sentence_html

MOST = 20
WORDS = {
    "onboarding.rule_made": lambda: _("Made the rule"),
    "onboarding.rule_changed": lambda: _("Changed the rule"),
    "onboarding.rule_switched_on": lambda: _("Switched the rule on"),
    "onboarding.rule_switched_off": lambda: _("Switched the rule off"),
}


@dataclass(frozen=True)
class Entry:
    """One line of the history."""

    at: datetime.datetime
    actor: Employee | None
    words: str
    sentence: SafeString | None
    may_leave: bool = True
    grace_days: int = 0


def history_of(rule: EnrolmentRule, reader: Employee) -> list[Entry]:
    """Return the latest changes of `rule`, the newest first, in a constant number of queries.

    Groups and units that are gone since then are left out of what the rule said.
    """
    events = AuditEvent.objects.filter(object_type=rule._meta.label_lower, object_id=rule.public_id, verb__in=WORDS)
    found = list(events.select_related("actor").order_by("-at", "-pk")[:MOST])
    groups = Group.objects.in_bulk(
        {pk for event in found for pk in event.facts.get("groups", []) if isinstance(pk, int)}
    )
    branches = OrgUnit.objects.in_bulk({pk for event in found if (pk := event.facts.get("branch_id"))})
    known = set(Group.objects.visible_to(reader).filter(pk__in=groups).values_list("pk", flat=True))
    terms = _terms_of(found, reader)
    entries = []
    for event, parts in zip(found, terms, strict=True):
        filled = [groups[pk] for pk in event.facts.get("groups", []) if pk in groups]
        branch = branches.get(event.facts.get("branch_id", 0))
        told = Told(parts, filled, event.facts.get("ends_after_days"), branch, reader, known)
        sentence = rule_sentence_html(told) if parts and filled else None
        kept = bool(event.facts.get("may_leave", True)), int(event.facts.get("grace_days") or 0)
        entries.append(Entry(event.at, event.actor, WORDS[event.verb](), sentence, *kept))
    return entries


def _terms_of(events: list[AuditEvent], reader: Employee) -> list[list[AudienceTerm]]:
    """The terms each event tells of, looked up together."""
    raw = [[read_token(token, exclude=exclude) for exclude, token in _stored(event.facts)] for event in events]
    found = iter(resolve_terms([one for parts in raw for one in parts], employee=reader, hr_facts_only=True))
    resolved = [[next(found) for _one in parts] for parts in raw]
    return [[term for term in parts if isinstance(term, AudienceTerm)] for parts in resolved]


def _stored(facts: dict[str, Any]) -> list[tuple[bool, str]]:
    return [(bool(exclude), str(token)) for exclude, token in facts.get("terms", [])]
