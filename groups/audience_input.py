"""From what a form or the API says («unit 4k…, but not group 7m…») to the terms of an audience.

Both speak `{"include": [{"kind": "unit", "id": "…"}, {"kind": "started_within", "days": 90}], "exclude": []}`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.errors import RefusedError
from core.policies import annotate_allowed
from directory.models import Employee, JobFamily, OrgUnit, Workplace
from groups.models import AudienceTerm, Group

Kind = AudienceTerm.Kind
FIELD = "audience"
MOST_TERMS = 200
MOST_DAYS = 3660
# The field of AudienceTerm that holds what a kind names.
NAMED = {Kind.UNIT: "unit", Kind.JOB_FAMILY: "job_family", Kind.WORKPLACE: "workplace", Kind.GROUP: "group"}


@dataclass(frozen=True)
class RawTerm:
    """One term as it came in: not looked up, not allowed yet. `value` is a public id or a number of days."""

    exclude: bool
    kind: str
    value: str = ""

    @property
    def token(self) -> str:
        """The term as one word, for a form's hidden fields: «unit:4kpq…», «leaders», «started_within:90»."""
        return f"{self.kind}:{self.value}" if self.value else self.kind


def parse_audience(data: Any, *, employee: Employee, hr_facts_only: bool = False) -> list[AudienceTerm]:
    """Return the unsaved terms that `data` describes; `groups.actions.save_audience` stores them.

    Groups are looked for among those `employee` may address. `hr_facts_only` refuses group terms (for rules).
    Raises RefusedError on field "audience" when the shape is wrong, something is unknown or nobody is included.
    """
    return resolve_strictly(read_raw_terms(data), employee=employee, hr_facts_only=hr_facts_only)


def resolve_strictly(raw: Iterable[RawTerm], *, employee: Employee, hr_facts_only: bool = False) -> list[AudienceTerm]:
    """Return the terms for `raw`; raises RefusedError for the first that cannot be used, or when none includes."""
    found = resolve_terms(raw, employee=employee, hr_facts_only=hr_facts_only)
    for term in found:
        if isinstance(term, RefusedError):
            raise term
    terms = [term for term in found if isinstance(term, AudienceTerm)]
    if all(term.exclude for term in terms):
        raise _refused(_("Choose who it is for."), "audience_empty")
    return terms


def read_raw_terms(data: Any) -> list[RawTerm]:
    """Return the terms of `data` in order, each once. Raises RefusedError when `data` has another shape."""
    if not isinstance(data, dict):
        raise _refused(_("The audience must be an object with include and exclude."), "audience_shape")
    raw = [_read_one(item, exclude) for exclude in (False, True) for item in _items(data, exclude)]
    if len(raw) > MOST_TERMS:
        raise _refused(_("An audience can have at most %(count)d parts.") % {"count": MOST_TERMS}, "audience_long")
    return list(dict.fromkeys(raw))


def read_token(token: str, *, exclude: bool) -> RawTerm:
    """Return the term a form's hidden field stands for; whether it exists is asked later."""
    kind, _colon, value = token.partition(":")
    return RawTerm(exclude, kind, value[:20])


def token_of(term: AudienceTerm) -> str:
    """Return the word that stands for `term` in a form."""
    named = term.named
    value = getattr(named, "public_id", named)
    return f"{term.kind}:{value}" if value else term.kind


def resolve_terms(
    raw: Iterable[RawTerm], *, employee: Employee, hr_facts_only: bool = False
) -> list[AudienceTerm | RefusedError]:
    """Return for each raw term the unsaved term, or why it cannot be used. One query per kind."""
    wanted = list(raw)
    found = {kind: _look_up(kind, wanted, employee) for kind in NAMED if any(term.kind == kind for term in wanted)}
    return [_resolve(term, found, hr_facts_only) for term in wanted]


def _items(data: dict[str, Any], exclude: bool) -> list[Any]:
    items = data.get("exclude" if exclude else "include") or []
    if not isinstance(items, list):
        raise _refused(_("include and exclude must be lists."), "audience_shape")
    return items


def _read_one(item: Any, exclude: bool) -> RawTerm:
    if not isinstance(item, dict) or not isinstance(item.get("kind"), str):
        raise _refused(_("Each part of an audience must have a kind."), "audience_shape")
    kind: str = item["kind"]
    value = item.get("days", item.get("id")) if kind == Kind.STARTED_WITHIN else item.get("id")
    if kind in (Kind.EVERYONE, Kind.LEADERS):
        value = None
    return RawTerm(exclude, kind, "" if value is None else str(value)[:20])


def _look_up(kind: str, wanted: list[RawTerm], employee: Employee) -> dict[str, Any]:
    ids = {term.value for term in wanted if term.kind == kind and term.value.isascii() and term.value.isalnum()}
    return {one.public_id: one for one in _findable(kind, employee).filter(public_id__in=ids)}


def _findable(kind: str, employee: Employee) -> QuerySet[Any]:
    if kind == Kind.UNIT:
        return OrgUnit.objects.active()
    if kind == Kind.JOB_FAMILY:
        return JobFamily.objects.all()
    if kind == Kind.WORKPLACE:
        return Workplace.objects.all()
    # What a person may not know of is looked for in the same way, and found no more than what does not exist.
    visible = Group.objects.visible_to(employee)
    return annotate_allowed(visible, employee, may_address="groups.address")


def _resolve(raw: RawTerm, found: dict[Kind, dict[str, Any]], hr_facts_only: bool) -> AudienceTerm | RefusedError:
    if raw.kind not in Kind.values:
        return _refused(_("«%(kind)s» is not a way to choose people.") % {"kind": raw.kind[:20]}, "audience_kind")
    kind = Kind(raw.kind)
    if kind == Kind.GROUP and hr_facts_only:
        return _refused(_("A rule builds on what HR knows, not on groups."), "audience_group")
    if kind == Kind.STARTED_WITHIN:
        return _resolve_days(raw)
    if kind not in NAMED:
        return AudienceTerm(exclude=raw.exclude, kind=kind)
    named = found[kind].get(raw.value)
    if named is None:
        return _refused(_UNKNOWN[kind](), "audience_unknown")
    if kind == Kind.GROUP and not named.may_address:
        return _refused(_("Only owners may address this group."), "audience_group")
    return AudienceTerm(exclude=raw.exclude, kind=kind, **{NAMED[kind]: named})


def _resolve_days(raw: RawTerm) -> AudienceTerm | RefusedError:
    days = int(raw.value) if raw.value.isascii() and raw.value.isdigit() else 0
    if not 1 <= days <= MOST_DAYS:
        return _refused(
            _("Write a number of days from 1 to %(most)d.") % {"most": MOST_DAYS},
            "audience_days",
        )
    return AudienceTerm(exclude=raw.exclude, kind=Kind.STARTED_WITHIN, days=days)


def _refused(message: str, code: str) -> RefusedError:
    return RefusedError(message, field=FIELD, code=code)


_UNKNOWN = {
    Kind.UNIT: lambda: _("We did not find the unit you chose."),
    Kind.JOB_FAMILY: lambda: _("We did not find the job you chose."),
    Kind.WORKPLACE: lambda: _("We did not find the workplace you chose."),
    Kind.GROUP: lambda: _("We did not find the group you chose."),
}
