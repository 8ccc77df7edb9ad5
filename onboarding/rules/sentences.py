"""A rule as a sentence: «Alle i Alna vest blir med i Hjemmetjenesten Alna vest og Bydel Alna – alle»."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory.models import Employee
from groups.audience_words import describe_audience, describe_audience_html, join_words, token_html
from groups.models import AudienceTerm, Group


def rule_sentence(
    terms: Iterable[AudienceTerm], groups: Iterable[Group], days: int | None, reader: Employee, known: Collection[int]
) -> str:
    """Return the rule in plain words. `known` are the ids of groups the reader may know of; others go unnamed."""
    names = [group.name if group.pk in known else _("a group") for group in groups]
    return _pattern(days) % {"who": describe_audience(terms, reader), "groups": join_words(names), "count": days}


def rule_sentence_html(
    terms: Iterable[AudienceTerm], groups: Iterable[Group], days: int | None, reader: Employee, known: Collection[int]
) -> SafeString:
    """Return the same with each name as a token with its icon."""
    tokens: list[str] = [
        token_html(
            group.name if group.pk in known else _("a group"), group.icon if group.pk in known else "PersonGroup"
        )
        for group in groups
    ]
    words = {"who": describe_audience_html(terms, reader), "groups": join_words(tokens), "count": days}
    return mark_safe(escape(_pattern(days)) % words)  # noqa: S308 - names are escaped in their tokens


def _pattern(days: int | None) -> str:
    if days is None:
        return _("%(who)s join %(groups)s")
    return ngettext(
        "%(who)s join %(groups)s on their first %(count)d day",
        "%(who)s join %(groups)s for their first %(count)d days",
        days,
    )
