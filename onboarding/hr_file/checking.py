"""Judges a whole file: each row by itself, then beside the other rows and what the directory knows."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from core.text import fold
from onboarding.hr_file import statuses
from onboarding.hr_file.held_jobs import HeldJobs
from onboarding.hr_file.judging import RowJudge
from onboarding.hr_file.known import KnownPeople, KnownUnits, managers_of, namesakes_beside
from onboarding.hr_file.near_leaders import NearLeaders
from onboarding.hr_file.rows import Finding, JobFacts, PersonFacts, RawRow, Verdict
from onboarding.hr_file.tidying import name_words
from onboarding.hr_file.units import NewUnit, UnitJudge

Rows = Callable[[], Iterator[RawRow]]
FAR_FUTURE = datetime.date.max


@dataclass
class _Claims:
    """What the file as a whole says, learnt in a first reading."""

    numbers: set[str] = field(default_factory=set)
    # Those with several rows: only theirs must be compared, so only theirs are kept.
    repeated: set[str] = field(default_factory=set)
    # Who first uses an address, and the address each person has in the file.
    email_owners: dict[str, tuple[str, int]] = field(default_factory=dict)
    emails: dict[str, str] = field(default_factory=dict)
    managers: set[str] = field(default_factory=set)
    surnames: set[str] = field(default_factory=set)

    def learn(self, verdict: Verdict) -> None:
        if verdict.person is None or verdict.job is None:
            return
        if verdict.number in self.numbers:
            self.repeated.add(verdict.number)
        self.numbers.add(verdict.number)
        self.surnames.add(verdict.person.last_name)
        if verdict.job.manager_number:
            self.managers.add(verdict.job.manager_number)
        if email := (verdict.person.email or "").lower():
            self.email_owners.setdefault(email, (verdict.number, verdict.record))
            self.emails.setdefault(verdict.number, email)


class FileCheck:
    """Judges the rows that `rows()` gives, which are gone through twice so that memory holds no row for long."""

    def __init__(
        self,
        rows: Rows,
        names: list[str],
        *,
        today: datetime.date,
        creates_units: bool,
        scope_path: str = "/",
        adds_jobs: bool = False,
    ) -> None:
        self._rows, self._adds_jobs = rows, adds_jobs
        self._units = UnitJudge(KnownUnits.load(), creates=creates_units, scope_path=scope_path)
        self._judge = RowJudge(names, self._units, today)

    def verdicts(self, tell: Callable[[int], None] = lambda count: None) -> Iterator[Verdict]:
        """Go through the verdicts in the order of the file. `tell` hears how many rows have been read, twice over."""
        claims, count = _Claims(), 0
        for count, row in enumerate(self._rows(), start=1):
            claims.learn(self._judge.judge(row))
            tell(count)
        beside = _Beside(claims, self._adds_jobs)
        for more, row in enumerate(self._rows(), start=1):
            yield beside.judge(self._judge.judge(row))
            tell(count + more)

    @property
    def new_units(self) -> dict[str, NewUnit]:
        """Units the file names that do not exist, by code; filled while verdicts are made."""
        return self._units.new


class _Beside:
    """Judges rows beside those before them and the directory."""

    def __init__(self, claims: _Claims, adds_jobs: bool) -> None:
        self._claims = claims
        # Who stands in several rows is told of in full.
        self._held = HeldJobs.load(claims.numbers - claims.repeated) if adds_jobs else HeldJobs()
        # Managers need not be in the file.
        self._known = KnownPeople.load(claims.numbers | claims.managers, claims.email_owners)
        self._namesakes = namesakes_beside(claims.numbers, claims.surnames)
        self._leaders = NearLeaders()
        self._managers = managers_of(claims.numbers) if claims.managers else {}
        self._jobs: defaultdict[tuple[str, str, str], list[tuple[int, PersonFacts, JobFacts]]] = defaultdict(list)
        self._people: dict[str, tuple[int, PersonFacts]] = {}

    def judge(self, verdict: Verdict) -> Verdict:
        person, job = verdict.person, verdict.job
        if person is None or job is None:
            return verdict
        findings = list(self._email(verdict, person))
        findings += self._identity(verdict, person)
        findings += filter(None, [self._double(verdict, person, job)])
        if any(finding.status == statuses.REJECT for finding in findings):
            return verdict.settle(findings)
        if verdict.number in self._claims.repeated:
            if other := self._same_job(verdict, person, job):
                verdict.person = verdict.job = None
                return verdict.settle([*findings, other])
            findings += self._other_row(verdict, person)
        findings += filter(None, [self._held.beside(verdict, job)])
        findings += self._manager(verdict, job)
        return verdict.settle(findings)

    def _email(self, verdict: Verdict, person: PersonFacts) -> Iterator[Finding]:
        if not person.email:
            return
        email = person.email.lower()
        owner, record = self._claims.email_owners.get(email, (verdict.number, verdict.record))
        if owner != verdict.number:
            yield Finding(statuses.REJECT, "epost", "email_twice", person.email, {"other": record})
            return
        holder = self._known.email_owners.get(email, verdict.number)
        if holder != verdict.number and self._claims.emails.get(holder, email) == email:
            yield Finding(statuses.REJECT, "epost", "email_taken", person.email)

    def _identity(self, verdict: Verdict, person: PersonFacts) -> Iterator[Finding]:
        """Is the one we know by this number the same person, and have they been away?"""
        known = self._known.by_number.get(verdict.number)
        if known is None or (known.is_active and known.name == f"{person.first_name} {person.last_name}".strip()):
            return
        words = name_words(f"{person.first_name} {person.last_name}")
        is_another = bool(words) and not words & known.folded_words
        facts: dict[str, Any] = {"number": verdict.number}
        if known.left_year is not None and is_another:
            yield Finding(statuses.REJECT, "ansattnr", "number_of_another", verdict.number, facts)
        elif known.left_year is not None and verdict.status != statuses.LEAVER:
            facts |= {"year": known.left_year} | ({} if known.protected else {"name": known.name})
            code = "returns_hidden" if known.protected else "returns"
            yield Finding(statuses.WARN, "ansattnr", code, verdict.number, facts)
        elif is_another and not known.protected:
            facts |= {"name": known.name}
            yield Finding(statuses.WARN, "ansattnr", "name_differs", verdict.number, facts)

    def _double(self, verdict: Verdict, person: PersonFacts, job: JobFacts) -> Finding | None:
        """Does somebody of that name, whom the file does not name, work there already under another number?"""
        if verdict.number in self._known.by_number or verdict.status == statuses.LEAVER:
            return None
        name = f"{person.first_name} {person.last_name}"
        other = self._namesakes.get((job.unit_code, fold(name)))
        if other is None:
            return None
        facts = {"name": name, "suggestion": other, "mend": {"ansattnr": other}}
        return Finding(statuses.WARN, "ansattnr", "likely_double_suggestion", verdict.number, facts)

    def _same_job(self, verdict: Verdict, person: PersonFacts, job: JobFacts) -> Finding | None:
        """The finding on a row that says the same as an earlier one, or else about the same job at the same time."""
        same = self._jobs[verdict.number, job.unit_code, job.position_key]
        for record, other_person, other in same:
            if (other_person, other) == (person, job):
                return Finding(statuses.IGNORE, "ansattnr", "repeated_row", verdict.number, {"other": record})
            if _overlap(job, other):
                column = _first_difference(job, other) or _first_difference(person, other_person)
                return Finding(statuses.WARN, column, "conflicting_job", "", {"other": record})
        same.append((verdict.record, person, job))
        return None

    def _other_row(self, verdict: Verdict, person: PersonFacts) -> Iterator[Finding]:
        """The first row of a person decides who they are."""
        record, first = self._people.setdefault(verdict.number, (verdict.record, person))
        if first == person:
            return
        for part, ours, theirs in zip(person._fields, person, first, strict=True):
            if ours != theirs and ours not in ("", None) and theirs not in ("", None):
                yield Finding(statuses.WARN, _COLUMNS[part], "conflicting_person", "", {"other": record})
                break
        verdict.person = first

    def _manager(self, verdict: Verdict, job: JobFacts) -> Iterator[Finding]:
        manager = job.manager_number
        if not manager:
            return
        code = ""
        if manager == verdict.number:
            code = "manager_self"
        elif manager not in self._claims.numbers and not self._is_known(manager):
            code = "manager_unknown"
        elif self._closes_circle(verdict.number, manager):
            code = "manager_circle"
        if code:
            yield self._manager_finding(code, manager, job.unit_code)
            verdict.job = job._replace(manager_number="")
        elif verdict.status != statuses.LEAVER:
            self._managers.setdefault(verdict.number, set()).add(manager)

    def _manager_finding(self, code: str, manager: str, unit_code: str) -> Finding:
        facts: dict[str, Any] = {"number": manager}
        near, name = self._leaders.find(manager, unit_code) if code == "manager_unknown" else ("", "")
        if near:
            code, facts = (
                f"{code}_suggestion",
                facts | {"suggestion": f"{near} ({name})", "mend": {"leder_ansattnr": near}},
            )
        return Finding(statuses.WARN, "leder_ansattnr", code, manager, facts)

    def _is_known(self, number: str) -> bool:
        known = self._known.by_number.get(number)
        return known is not None and not known.is_gone

    def _closes_circle(self, number: str, manager: str) -> bool:
        """Whether `number` already stands somewhere above `manager`."""
        seen, waiting = {manager}, [manager]
        while waiting:
            above = self._managers.get(waiting.pop(), set()) - seen
            if number in above:
                return True
            seen |= above
            waiting.extend(above)
        return False


# Where in the file each fact stands.
_COLUMNS = {
    "first_name": "fornavn", "last_name": "etternavn", "email": "epost", "mobile": "mobil",
    "work_phone": "jobbtelefon", "protected": "skjermet", "language": "malform",
    "agency_code": "virksomhetskode", "unit_code": "enhetskode", "title": "stilling", "position_code": "stillingskode",
    "position_key": "stilling", "manager_number": "leder_ansattnr", "kind": "ansettelsestype",
    "percentage": "stillingsprosent", "start_date": "startdato", "end_date": "sluttdato", "workplace": "arbeidssted",
    "leave_until_date": "permisjon_til", "says_leave": "permisjon_til",
    "is_same": "stilling",
}  # fmt: skip


def _first_difference(facts: PersonFacts | JobFacts, others: PersonFacts | JobFacts) -> str:
    """The column of the first fact that two rows tell otherwise; "" when they tell the same."""
    both = zip(facts._fields, facts, others, strict=True)
    return next((_COLUMNS[part] for part, ours, theirs in both if ours != theirs), "")


def _overlap(job: JobFacts, other: JobFacts) -> bool:
    ends, starts = (job.end_date or FAR_FUTURE, other.end_date or FAR_FUTURE), (job.start_date, other.start_date)
    return starts[0] <= ends[1] and starts[1] <= ends[0]
