"""What the directory already knows, fetched once per file and asked per row."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import F, Max, Q
from django.db.models.functions import Lower

from core.clock import local_today
from core.text import fold
from directory.models import Employee, Employment, OrgUnit
from onboarding.hr_file.tidying import name_words

# Asking for more than this many by number costs more than fetching everybody.
MANY = 5000


@dataclass(frozen=True, slots=True)
class KnownUnit:
    """A unit: `agency_code` is that of the agency it belongs to, or of the organisation above all agencies."""

    code: str
    name: str
    folded_name: str
    agency_code: str
    path: str
    is_ended: bool


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person: `is_gone` when no employment lasts or is still to come, `left_year` where one has ended."""

    name: str
    folded_words: frozenset[str]
    protected: bool
    is_active: bool
    is_gone: bool
    left_year: int | None


@dataclass
class KnownUnits:
    """Every unit by code."""

    by_code: dict[str, KnownUnit] = field(default_factory=dict)

    @classmethod
    def load(cls) -> KnownUnits:
        """Fetch the units; two queries' worth of a few thousand rows at most."""
        top = OrgUnit.objects.filter(parent__isnull=True).values_list("code", flat=True).first() or ""
        rows = OrgUnit.objects.values_list("code", "name", "agency__code", "path", "ended_date")
        units = [
            KnownUnit(code, name, fold(name), agency or top, path, ended is not None)
            for code, name, agency, path, ended in rows
        ]
        return cls({unit.code: unit for unit in units})

    def named(self, name: str, agency_code: str = "") -> list[KnownUnit]:
        """The units in use that are called just `name`, of one agency where it is said."""
        wanted = fold(name)
        called = [unit for unit in self.by_code.values() if unit.folded_name == wanted and not unit.is_ended]
        return [unit for unit in called if agency_code in ("", unit.agency_code)]

    def is_called(self, name: str) -> bool:
        """Whether any unit in use is called `name`."""
        return fold(name) in self._names

    @cached_property
    def _names(self) -> set[str]:
        return {unit.folded_name for unit in self.by_code.values() if not unit.is_ended}

    def of_agency(self, agency_code: str) -> list[KnownUnit]:
        """The units in use of one agency; of all when the code is unknown."""
        units = [unit for unit in self.by_code.values() if not unit.is_ended]
        return [unit for unit in units if unit.agency_code == agency_code] or units


@dataclass
class KnownPeople:
    """The persons a file speaks of, by employee number, and who has which e-mail address (in lower case)."""

    by_number: dict[str, KnownPerson] = field(default_factory=dict)
    email_owners: dict[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls, numbers: Collection[str], emails: Collection[str]) -> KnownPeople:
        """Fetch those with one of the numbers, and the owners of the addresses."""
        everyone = Employee.objects.annotate(lower_email=Lower("email"))
        asked = everyone if len(numbers) > MANY else everyone.filter(employee_number__in=list(numbers))
        holders = everyone.exclude(email=None)
        if len(emails) <= MANY:
            holders = holders.filter(lower_email__in=list(emails))
        return cls(
            _people(asked.exclude(employee_number=None), [] if len(numbers) > MANY else list(numbers)),
            # Someone without an employee number owns an address too; no row can be that person.
            {email: number or "-" for email, number in holders.values_list("lower_email", "employee_number")},
        )


def _people(employees: Iterable[Employee], numbers: list[str]) -> dict[str, KnownPerson]:
    today = local_today()
    rows = employees.values_list(  # type: ignore[attr-defined]
        "employee_number", "first_name", "last_name", "protected", "is_active"
    )
    left = _left_years(today, numbers)
    return {
        number: KnownPerson(
            name=f"{first} {last}".strip(),
            folded_words=name_words(f"{first} {last}"),
            protected=protected,
            is_active=is_active,
            is_gone=not is_active and number in left,
            left_year=None if is_active else left.get(number),
        )
        for number, first, last, protected, is_active in rows.iterator()
    }


def _left_years(today: datetime.date, numbers: list[str]) -> dict[str, int | None]:
    """The year each former employee left, of those with one of `numbers` if any are given; None who never began.

    Those who have a job still to begin are not among them.
    """
    left = Employee.objects.filter(is_active=False).exclude(employee_number=None)
    if numbers:
        left = left.filter(employee_number__in=numbers)
    last_or_to_come = Employment.objects.filter(Q(end_date=None) | Q(end_date__gte=today))
    ended = left.exclude(pk__in=last_or_to_come.values("employee")).annotate(last=Max("employments__end_date"))
    return {number: last and last.year for number, last in ended.values_list("employee_number", "last")}


def managers_of(numbers: Collection[str]) -> dict[str, set[str]]:
    """Return who manages whom today, by number, for everyone but those in `numbers` (the file speaks for them)."""
    rows = (
        Employment.objects.current()
        .exclude(manager=None)
        .exclude(employee__employee_number=None)
        .annotate(number=F("employee__employee_number"), manager_number=F("manager__employee_number"))
    )
    managers: defaultdict[str, set[str]] = defaultdict(set)
    for number, manager in rows.values_list("number", "manager_number"):
        if number not in numbers and manager:
            managers[number].add(manager)
    return managers


def namesakes_beside(numbers: Collection[str], surnames: Collection[str]) -> dict[tuple[str, str], str]:
    """Return the number of each who works today and is not among `numbers`, by code of the unit and folded name.

    Of those with one of `surnames` only; whoever is protected is not told of.
    """
    rows = Employment.objects.current().filter(employee__is_active=True, employee__protected=False)
    rows = rows.exclude(employee__employee_number=None)
    if len(surnames) <= MANY:
        rows = rows.filter(employee__last_name__in=list(surnames))
    told = rows.values_list(
        "unit__code", "employee__first_name", "employee__last_name", "employee__employee_number"
    ).iterator()
    return {
        (code, fold(f"{first} {last}")): number or "" for code, first, last, number in told if number not in numbers
    }
