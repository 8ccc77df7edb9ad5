"""An audience told in the reader's language: «Alle i Alna vest og alle ledere, men ikke alle ved Furuset»."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.templatetags.tunet import icon
from directory.models import Employee
from groups.models import AudienceTerm, Group

Kind = AudienceTerm.Kind
ICONS = {
    Kind.EVERYONE: "Globe",
    Kind.UNIT: "Buildings3",
    Kind.JOB_FAMILY: "Person",
    Kind.LEADERS: "PersonTallShort",
    Kind.WORKPLACE: "LocationPin",
    Kind.GROUP: "PersonGroup",
    Kind.STARTED_WITHIN: "Calendar",
}


def describe_audience(terms: Iterable[AudienceTerm], reader: Employee) -> str:
    """Return the whole audience as one sentence without full stop; groups `reader` may not know of go unnamed."""
    parts = list(terms)
    hidden = _hidden_groups(parts, reader)
    included = join_words([_phrase(term, hidden) for term in parts if not term.exclude])
    excluded = join_words([_phrase(term, hidden) for term in parts if term.exclude])
    return _whole(included or _("nobody"), excluded)


def describe_audience_html(terms: Iterable[AudienceTerm], reader: Employee) -> SafeString:
    """Return the same sentence with each name as a token with its icon, for the rules' screens."""
    parts = list(terms)
    hidden = _hidden_groups(parts, reader)
    included = join_words([_phrase_html(term, hidden) for term in parts if not term.exclude])
    excluded = join_words([_phrase_html(term, hidden) for term in parts if term.exclude])
    return mark_safe(_whole(included or escape(_("nobody")), excluded))  # noqa: S308 - names are escaped in the tokens


def describe_term(term: AudienceTerm) -> str:
    """Return one term in words: «alle i Alna vest»."""
    return _phrase(term, set())


def term_as_input(term: AudienceTerm, hidden: set[int] | None = None) -> dict[str, Any]:
    """Return one term as the API shows it: kind, id or days, and name."""
    shown: dict[str, Any] = {"kind": term.kind}
    if term.kind == Kind.STARTED_WITHIN:
        return shown | {"days": term.days}
    if term.named is None or (hidden and term.group_id in hidden):
        return shown
    return shown | {"id": term.named.public_id, "name": term.named.name}


def audience_as_input(terms: Iterable[AudienceTerm], reader: Employee) -> dict[str, list[dict[str, Any]]]:
    """Return the audience in the form `parse_audience` takes, with names added."""
    parts = list(terms)
    hidden = _hidden_groups(parts, reader)
    return {
        name: [term_as_input(term, hidden) for term in parts if term.exclude == exclude]
        for name, exclude in (("include", False), ("exclude", True))
    }


def join_words(words: list[str]) -> str:
    """Return «a», «a og b» or «a, b og c»."""
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


def token_html(name: str, icon_name: str) -> SafeString:
    """Return a name as a token of a rule's sentence."""
    return format_html('<span class="tok">{} {}</span>', icon(icon_name), name)


def icon_of(term: AudienceTerm) -> str:
    """Return the icon of the term's kind."""
    return ICONS[Kind(term.kind)]


def _whole(included: str, excluded: str) -> str:
    sentence = _("%(included)s, but not %(excluded)s") if excluded else "%(included)s"
    whole = sentence % {"included": included, "excluded": excluded}
    return whole[:1].upper() + whole[1:]


def _phrase(term: AudienceTerm, hidden: set[int]) -> str:
    return _PHRASES[Kind(term.kind)](term.days or 0) % {"name": _name(term, hidden)}


def _phrase_html(term: AudienceTerm, hidden: set[int]) -> str:
    pattern = escape(_PHRASES[Kind(term.kind)](term.days or 0))
    if term.named is None:
        return pattern
    return pattern % {"name": token_html(_name(term, hidden), icon_of(term))}


def _name(term: AudienceTerm, hidden: set[int]) -> str:
    if term.kind == Kind.STARTED_WITHIN:
        days = term.days or 0
        return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    if term.group_id in hidden:
        return _("a group")
    return str(term.named or "")


def _hidden_groups(terms: list[AudienceTerm], reader: Employee) -> set[int]:
    ids = {term.group_id for term in terms if term.group_id}
    if not ids:
        return set()
    return ids - set(Group.objects.visible_to(reader).filter(pk__in=ids).values_list("pk", flat=True))


_PHRASES: dict[AudienceTerm.Kind, Callable[[int], str]] = {
    Kind.EVERYONE: lambda days: _("everyone"),
    Kind.UNIT: lambda days: _("everyone in %(name)s"),
    Kind.JOB_FAMILY: lambda days: _("everyone with the job %(name)s"),
    Kind.LEADERS: lambda days: _("all leaders"),
    Kind.WORKPLACE: lambda days: _("everyone at %(name)s"),
    Kind.GROUP: lambda days: _("the members of %(name)s"),
    Kind.STARTED_WITHIN: lambda days: _("everyone who started less than %(name)s ago"),
}
