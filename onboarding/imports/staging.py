"""Tables for the time of one transaction: what a file says of persons and of jobs, beside what is known."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from onboarding.hr_file.rows import JobFacts, PersonFacts, Verdict
from onboarding.imports.copying import batched, copy_rows

BATCH = 5_000

_TABLES = """
DROP TABLE IF EXISTS import_person, import_job, import_mentioned, import_absent, import_changed, import_fate;
CREATE TEMPORARY TABLE import_person (
    record integer, is_ready boolean, number text, first_name text, last_name text, email text, mobile text,
    work_phone text, protected boolean, language text, says_all boolean, public_id text, employee_id bigint,
    hidden boolean DEFAULT FALSE
) ON COMMIT DROP;
CREATE TEMPORARY TABLE import_job (
    record integer, is_ready boolean, number text, agency_code text, unit_code text, title text, position_code text,
    position_key text, manager_number text, kind text, percentage numeric(5, 2), start_date date, end_date date,
    workplace text, leave_until_date date, says_leave boolean, is_same boolean,
    employee_id bigint, unit_id bigint, employment_id bigint, manager_id bigint, job_family_id bigint,
    workplace_id bigint
) ON COMMIT DROP;
CREATE TEMPORARY TABLE import_mentioned (number text) ON COMMIT DROP;
CREATE TEMPORARY TABLE import_absent (employment_id bigint, employee_id bigint) ON COMMIT DROP;
CREATE TEMPORARY TABLE import_changed (employee_id bigint, what text) ON COMMIT DROP;
CREATE TEMPORARY TABLE import_fate (employee_id bigint, number text, outcome text) ON COMMIT DROP;
"""
_PERSON = ("record", "is_ready", "number", *PersonFacts._fields)
_JOB = ("record", "is_ready", "number", *JobFacts._fields)

# One person may have many rows; the first of them says who it is.
_ONE_ROW_EACH = """
DELETE FROM import_person p USING import_person other WHERE other.number = p.number AND other.record < p.record;
CREATE UNIQUE INDEX ON import_person (number);
CREATE INDEX ON import_job (number);
ANALYZE import_person;
ANALYZE import_job;
"""

_KNOW_PEOPLE = """
UPDATE import_person p SET employee_id = e.id FROM directory_employee e
WHERE e.employee_number = p.number AND e.kind = 'person' AND p.employee_id IS NULL;
UPDATE import_person p SET employee_id = e.id FROM directory_employee e
WHERE e.public_id = p.public_id AND p.employee_id IS NULL;
UPDATE import_job j SET employee_id = p.employee_id FROM import_person p
WHERE p.number = j.number AND p.employee_id IS NOT NULL AND j.employee_id IS NULL;
"""

_KNOW_UNITS = """
UPDATE import_job j SET unit_id = u.id FROM directory_orgunit u WHERE u.code = j.unit_code AND j.unit_id IS NULL
"""
_INDEX = """
CREATE INDEX ON import_job (employee_id, unit_id);
CREATE INDEX ON import_job (employment_id);
ANALYZE import_job;
"""

# First the very same start; then a job that the row speaks of with another start, code or title.
_MATCH_EXACT = """
UPDATE import_job j SET employment_id = m.id FROM directory_employment m
WHERE m.employee_id = j.employee_id AND m.unit_id = j.unit_id AND m.position_key = j.position_key
  AND m.start_date = j.start_date
"""
_MATCH_LIKE = """
UPDATE import_job j SET employment_id = found.id FROM (
    SELECT DISTINCT ON (record) record, id FROM (
        SELECT DISTINCT ON (m.id) m.id, j.record, m.position_key = j.position_key AS same_key
        FROM import_job j JOIN directory_employment m ON m.employee_id = j.employee_id AND m.unit_id = j.unit_id
        WHERE j.employment_id IS NULL AND {same}
          AND (m.end_date IS NULL OR m.end_date >= j.start_date)
          AND (j.end_date IS NULL OR j.end_date >= m.start_date)
          AND NOT EXISTS (SELECT 1 FROM import_job taken WHERE taken.employment_id = m.id)
        ORDER BY m.id, j.record
    ) candidates ORDER BY record, id DESC
) found WHERE found.record = j.record
"""
# What somebody says is the same job, though it is called something else.
_MATCH_SAME = """
UPDATE import_job j SET employment_id = (
    SELECT m.id FROM directory_employment m
    WHERE m.employee_id = j.employee_id AND m.unit_id = j.unit_id AND (m.end_date IS NULL OR m.end_date >= j.start_date)
    ORDER BY m.percentage DESC, m.start_date, m.id LIMIT 1)
WHERE j.is_same AND j.employment_id IS NULL
  AND (SELECT count(*) FROM import_job o WHERE o.number = j.number) = 1
"""
_SAME_KEY = "m.position_key = j.position_key"
_SAME_TITLE = "lower(m.title) = lower(j.title)"

# A job that is over and that nobody ever knew of changes nothing; nor does a person who only had such jobs.
_FORGET_PAST = """
DELETE FROM import_job WHERE employment_id IS NULL AND end_date < %(today)s;
DELETE FROM import_person p WHERE employee_id IS NULL AND NOT EXISTS
    (SELECT 1 FROM import_job j WHERE j.number = p.number);
"""


@dataclass(frozen=True)
class Reach:
    """What a run may touch: of which source, in which branch, and whether those it does not name have left."""

    source: str
    branch: str
    ends_absent: bool
    today: datetime.date

    @property
    def parameters(self) -> dict[str, Any]:
        """The values that the statements name."""
        return {"source": self.source, "branch": f"{self.branch}%", "today": self.today}


def create_tables() -> None:
    """Make the empty tables; they vanish with the transaction."""
    run(_TABLES)


def stage(verdicts: Iterable[Verdict], *, skips_warnings: bool = False) -> Iterator[Verdict]:
    """Fill the tables with what is taken of `verdicts`, passing each on. Those left out keep what they have."""
    for batch in batched(verdicts, BATCH):
        taken = [verdict for verdict in batch if _is_taken(verdict, skips_warnings)]
        copy_rows("import_person", _PERSON, map(_person_row, taken))
        copy_rows("import_job", _JOB, (_job_row(verdict) for verdict in taken if verdict.job))
        left_out = {
            verdict.number for verdict in batch if verdict.job is None or not _is_taken(verdict, skips_warnings)
        }
        copy_rows("import_mentioned", ["number"], ([number] for number in left_out if number))
        yield from batch


def match_people_and_jobs(today: datetime.date) -> None:
    """Keep one row per person, and find which persons and jobs of the file are known."""
    run(_ONE_ROW_EACH)
    know_people_and_units()
    run(_INDEX)
    run(_MATCH_EXACT)
    run(_MATCH_LIKE.format(same=_SAME_KEY))
    run(_MATCH_LIKE.format(same=_SAME_TITLE))
    run(_MATCH_SAME)
    run(_FORGET_PAST, today=today)


def know_people_and_units() -> None:
    """Find the persons and units of the file; again once new ones have been made."""
    run(_KNOW_PEOPLE)
    run(_KNOW_UNITS)


def run(statement: str, **parameters: Any) -> int:
    """Execute SQL and return how many rows the last statement touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters or None)
        return int(cursor.rowcount)


def _is_taken(verdict: Verdict, skips_warnings: bool) -> bool:
    return verdict.person is not None and (verdict.is_ready or not skips_warnings)


def _person_row(verdict: Verdict) -> list[Any]:
    assert verdict.person is not None
    return [verdict.record, verdict.is_ready, verdict.number, *verdict.person]


def _job_row(verdict: Verdict) -> list[Any]:
    assert verdict.job is not None
    return [verdict.record, verdict.is_ready, verdict.number, *verdict.job]
