"""What passes between reading, judging and storing: a row as typed, what is said of it, what it means."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from decimal import Decimal
from typing import Any, NamedTuple

from onboarding.hr_file import statuses
from onboarding.hr_file.columns import WHOLE_NAME

# Beside the columns, a stored row remembers what the values alone no longer tell.
_BLANKED, _PROBLEM, _CONFIRMED, _SAYS_ALL = "_blanked", "_problem", "_confirmed", "_says_all"
_SAME_JOB = "_same_job"


@dataclass(slots=True)
class RawRow:
    """One row as typed, identity numbers blanked. `record` counts from 1 after the header."""

    record: int
    values: dict[str, str]
    blanked: tuple[str, ...] = ()
    # A code of `messages` when the row as a whole cannot be read.
    problem: str = ""
    # A person has looked at its warnings and wants it taken.
    is_confirmed: bool = False
    # Somebody has looked at every cell: an empty one takes away what stands.
    says_all: bool = False
    # Somebody says that it is of the job the person has in the unit, though the title is another one.
    is_same_job: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return the row as it is stored."""
        extra = {
            _BLANKED: list(self.blanked),
            _PROBLEM: self.problem,
            _CONFIRMED: self.is_confirmed,
            _SAYS_ALL: self.says_all,
            _SAME_JOB: self.is_same_job,
        }
        return self.values | {key: value for key, value in extra.items() if value}

    @classmethod
    def from_json(cls, record: int, stored: dict[str, Any]) -> RawRow:
        """Return the row that `to_json` stored."""
        values = dict(stored)
        return cls(
            record,
            blanked=tuple(values.pop(_BLANKED, ())),
            problem=values.pop(_PROBLEM, ""),
            is_confirmed=values.pop(_CONFIRMED, False),
            says_all=values.pop(_SAYS_ALL, False),
            is_same_job=values.pop(_SAME_JOB, False),
            values=values,
        )


def with_parts_of_name(values: dict[str, str]) -> dict[str, str]:
    """Return the cells of a row with the whole name, where it has one, parted in two."""
    whole = values.get(WHOLE_NAME)
    if whole is None:
        return values
    if "," in whole:
        last, _, first = whole.partition(",")
    else:
        first, _, last = whole.strip().rpartition(" ")
        first, last = (first, last) if first else (last, "")
    rest = {name: value for name, value in values.items() if name != WHOLE_NAME}
    return rest | {"fornavn": first.strip(), "etternavn": last.strip()}


@dataclass(slots=True)
class Finding:
    """Something to say about one field of one row; `code` is worded by `messages`."""

    status: str
    field: str
    code: str
    value: str = ""
    facts: dict[str, Any] = dataclass_field(default_factory=dict)


class PersonFacts(NamedTuple):
    """What the file says of a person. None: the file does not say, what stands stays.

    An empty address or telephone says nothing either, but where the row `says_all`.
    """

    first_name: str
    last_name: str
    email: str | None
    mobile: str
    work_phone: str
    protected: bool | None
    language: str
    says_all: bool = False


class JobFacts(NamedTuple):
    """What the file says of one employment. None: the file has no such column."""

    agency_code: str
    unit_code: str
    title: str
    position_code: str
    position_key: str
    manager_number: str
    kind: str
    percentage: Decimal
    start_date: datetime.date
    end_date: datetime.date | None
    workplace: str | None
    leave_until_date: datetime.date | None
    says_leave: bool
    is_same: bool = False


@dataclass(slots=True)
class Verdict:
    """What is to become of a row. `person` and `job` are None when it is not taken."""

    record: int
    number: str
    status: str = statuses.ACCEPT
    findings: list[Finding] = dataclass_field(default_factory=list)
    person: PersonFacts | None = None
    job: JobFacts | None = None
    is_confirmed: bool = False

    def settle(self, findings: Iterable[Finding] = ()) -> Verdict:
        """Add `findings`, let the gravest decide, and let go of what a rejected row said."""
        self.findings.extend(findings)
        self.status = statuses.gravest(finding.status for finding in self.findings)
        if self.status == statuses.REJECT:
            self.person = self.job = None
        return self

    @property
    def is_ready(self) -> bool:
        """Whether the row may be taken without anybody looking at it: odd things count, whatever graver is said."""
        is_odd = any(finding.status == statuses.WARN for finding in self.findings)
        return self.status != statuses.REJECT and (self.is_confirmed or not is_odd)
