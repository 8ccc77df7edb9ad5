"""A rule as a sentence: «Alle i Alna vest blir med i Hjemmetjenesten Alna vest og Bydel Alna – alle»."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory.models import Employee, OrgUnit
from groups.audience_words import describe_audience, describe_audience_html, join_words, token_html
from groups.models import AudienceTerm, Group


@dataclass(frozen=True)
class Told:
    """What a sentence is made of, and for whom. `known` are the ids of groups the reader may know of."""

    terms: list[AudienceTerm]
    groups: list[Group]
    days: int | None
    branch: OrgUnit | None
    reader: Employee
    known: Collection[int]


def rule_sentence(told: Told) -> str:
    """Return the rule in plain words; groups the reader may not know of go unnamed."""
    names = [group.name if group.pk in told.known else _("a group") for group in told.groups]
    words = {"who": describe_audience(told.terms, told.reader), "groups": join_words(names), "count": told.days}
    return _pattern(told) % (words | {"branch": told.branch.name if told.branch else ""})


def rule_sentence_html(told: Told) -> SafeString:
    """Return the same with each name as a token with its icon."""
    tokens: list[str] = [
        token_html(
            group.name if group.pk in told.known else _("a group"),
            group.icon if group.pk in told.known else "PersonGroup",
        )
        for group in told.groups
    ]
    words = {"who": describe_audience_html(told.terms, told.reader), "groups": join_words(tokens), "count": told.days}
    branch = {"branch": token_html(told.branch.name, "Buildings3") if told.branch else ""}
    return mark_safe(escape(_pattern(told)) % (words | branch))  # noqa: S308 - names are escaped in their tokens


def _pattern(told: Told) -> str:
    where = _("In %(branch)s: ") if told.branch else ""
    if told.days is None:
        return where + _("%(who)s joins %(groups)s")
    return where + ngettext(
        "%(who)s joins %(groups)s for the first %(count)d day",
        "%(who)s joins %(groups)s for the first %(count)d days",
        told.days,
    )
