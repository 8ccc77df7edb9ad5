"""Choosing an audience on a screen: works as a plain form, and piece by piece where scripts run.

What is chosen lies in hidden fields (`audience_include`, `audience_exclude`); every button of the chooser submits
the form it stands in. The page's view then draws itself again with the new choice, or, with htmx, the chooser
alone is fetched from `choose_audience`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.http import QueryDict
from django.utils.translation import gettext as _

from core.errors import RefusedError
from directory.models import Employee
from groups.audience_hits import Hit, find_hits
from groups.audience_input import FIELD, RawTerm, read_token, resolve_strictly, resolve_terms, token_of
from groups.audience_words import describe_audience, describe_term, icon_of
from groups.audiences import compile_terms
from groups.models import AudienceTerm

INCLUDE, EXCLUDE = "audience_include", "audience_exclude"
ADD, REMOVE, FIND, QUERY, DAYS, ADD_DAYS = (
    f"audience_{name}" for name in ("add", "remove", "find", "q", "days", "new")
)
SAMPLE_SIZE = 5


@dataclass(frozen=True)
class Chosen:
    """One part of the choice as the chooser shows it."""

    token: str
    words: str
    icon: str
    exclude: bool

    @property
    def field(self) -> str:
        """The hidden field it lies in."""
        return EXCLUDE if self.exclude else INCLUDE

    @property
    def remove_value(self) -> str:
        """What its button sends."""
        return f"{self.field}:{self.token}"


class AudienceChoice:
    """The state of one chooser, from a submitted form or from a saved audience's terms."""

    def __init__(
        self,
        *,
        employee: Employee,
        data: QueryDict | None = None,
        terms: Iterable[AudienceTerm] = (),
        hr_facts_only: bool = False,
    ) -> None:
        self.employee = employee
        self.hr_facts_only = hr_facts_only
        self.data = data if data is not None else QueryDict()
        self.error = ""
        self.raw = self._raw_from_data() if data is not None else [_as_raw(term) for term in terms]
        self.terms = self._resolve()

    @property
    def is_editing(self) -> bool:
        """Whether one of the chooser's own buttons was pressed: draw the form again and save nothing."""
        return any(name in self.data for name in (ADD, REMOVE, FIND, ADD_DAYS))

    @property
    def query(self) -> str:
        """What is searched for; nothing once something found has been added."""
        return "" if ADD in self.data else self.data.get(QUERY, "").strip()[:80]

    @cached_property
    def chosen(self) -> list[Chosen]:
        """The parts chosen so far, those left out last."""
        parts = [Chosen(token_of(t), describe_term(t), icon_of(t), t.exclude) for t in self.terms]
        return sorted(parts, key=lambda part: part.exclude)

    @cached_property
    def hits(self) -> list[Hit]:
        """Units, jobs, workplaces and (where allowed) groups whose name holds the query."""
        if not self.query:
            return []
        return find_hits(self.query, self.employee, with_groups=not self.hr_facts_only)

    @property
    def searched_in_vain(self) -> bool:
        return bool(self.query) and not self.hits

    @cached_property
    def words(self) -> str:
        """The whole audience as a sentence; "" before anyone is included."""
        return describe_audience(self.terms, self.employee) if self.includes else ""

    @property
    def includes(self) -> bool:
        """Whether anyone at all is included."""
        return any(not term.exclude for term in self.terms)

    @property
    def has_everyone(self) -> bool:
        return any(term.kind == AudienceTerm.Kind.EVERYONE and not term.exclude for term in self.terms)

    @property
    def has_leaders(self) -> bool:
        return any(term.kind == AudienceTerm.Kind.LEADERS and not term.exclude for term in self.terms)

    @cached_property
    def count(self) -> int:
        """How many people it is for today."""
        return compile_terms(self.terms).count()

    @cached_property
    def sample(self) -> list[Employee]:
        """A few of them with their jobs; nobody where a group that is not open takes part."""
        groups = [term.group for term in self.terms if term.group]
        if not self.includes or any(group.privacy != "open" for group in groups):
            return []
        people = compile_terms(self.terms).filter(protected=False).with_job()
        return list(people.order_by("sort_key", "pk")[:SAMPLE_SIZE])

    def require(self) -> list[AudienceTerm]:
        """Return the terms to save. Raises RefusedError on field "audience" when they cannot be used."""
        try:
            return resolve_strictly(self.raw, employee=self.employee, hr_facts_only=self.hr_facts_only)
        except RefusedError as refusal:
            self.error = str(refusal.message)
            raise

    def _raw_from_data(self) -> list[RawTerm]:
        raw = [read_token(token, exclude=False) for token in self.data.getlist(INCLUDE)]
        raw += [read_token(token, exclude=True) for token in self.data.getlist(EXCLUDE)]
        raw = [term for term in raw if _value(term) not in self.data.getlist(REMOVE)]
        raw += [_read_value(value) for value in self.data.getlist(ADD)]
        if ADD_DAYS in self.data:
            raw.append(RawTerm(False, AudienceTerm.Kind.STARTED_WITHIN, self.data.get(DAYS, "").strip()[:20] or "0"))
        return list(dict.fromkeys(raw))

    def _resolve(self) -> list[AudienceTerm]:
        found = resolve_terms(self.raw, employee=self.employee, hr_facts_only=self.hr_facts_only)
        for raw, term in zip(list(self.raw), found, strict=True):
            if isinstance(term, RefusedError):
                self.error = str(term.message)
                self.raw.remove(raw)
        return [term for term in found if isinstance(term, AudienceTerm)]


def _as_raw(term: AudienceTerm) -> RawTerm:
    return read_token(token_of(term), exclude=term.exclude)


def _value(term: RawTerm) -> str:
    return f"{EXCLUDE if term.exclude else INCLUDE}:{term.token}"


def _read_value(value: str) -> RawTerm:
    field, _colon, token = value.partition(":")
    return read_token(token, exclude=field == EXCLUDE)


def refuse_nobody() -> RefusedError:
    """The refusal for an audience that today describes nobody."""
    return RefusedError(_("Nobody belongs to this audience today."), field=FIELD, code="audience_nobody")
