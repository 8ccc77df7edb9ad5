"""Which rows of a staged file would change anything: what a check counts, an application writes."""

from __future__ import annotations

import datetime

from django.db import connection

from onboarding.imports.staging import run

# HR knows best, but what HR does not say stays: an empty cell of a file takes nobody's address or telephone away.
EMAIL = "CASE WHEN p.says_all THEN p.email ELSE COALESCE(p.email, e.email) END"
MOBILE = "CASE WHEN p.says_all THEN p.mobile ELSE COALESCE(NULLIF(p.mobile, ''), e.private_mobile) END"
WORK_PHONE = "CASE WHEN p.says_all THEN p.work_phone ELSE COALESCE(NULLIF(p.work_phone, ''), e.work_phone) END"
PERSON_DIFFERS = f"""
(e.first_name, e.last_name, e.email, e.private_mobile, e.work_phone, e.protected) IS DISTINCT FROM
(p.first_name, p.last_name, {EMAIL}, {MOBILE}, {WORK_PHONE}, COALESCE(p.protected, e.protected))
"""
JOB_DIFFERS = """
(m.title, m.kind, m.percentage, m.start_date, m.end_date, m.manager_id, m.job_family_id, m.workplace_id,
 m.leave_until_date, m.position_code) IS DISTINCT FROM
(j.title, j.kind, j.percentage, j.start_date, j.end_date, j.manager_id, j.job_family_id,
 CASE WHEN j.workplace IS NULL THEN m.workplace_id ELSE j.workplace_id END,
 CASE WHEN j.says_leave THEN j.leave_until_date ELSE m.leave_until_date END,
 COALESCE(NULLIF(j.position_code, ''), m.position_code))
"""
# A leader is named by the number or, where somebody has none, by the user name that stands in for it.
MANAGER = """(
    SELECT e.id FROM directory_employee e
    WHERE (e.employee_number = NULLIF(j.manager_number, '')
           OR e.employee_number IS NULL AND e.username = NULLIF(j.manager_number, '')) AND e.kind = 'person'
)"""
# A position nobody has placed in a family goes where most who hold it are; else to the family of its own title.
_FAMILIES = """
DROP TABLE IF EXISTS import_family;
CREATE TEMPORARY TABLE import_family ON COMMIT DROP AS
SELECT keys.*, placed.job_family_id IS NOT NULL AS is_placed,
    COALESCE(placed.job_family_id, usual.id, (
        SELECT f.id FROM directory_jobfamily f WHERE lower(f.name) = lower(keys.title) ORDER BY f.id LIMIT 1)) AS id
FROM (SELECT position_key, min(title) AS title FROM import_job GROUP BY position_key) keys
LEFT JOIN directory_jobfamilymapping placed ON placed.key = left(keys.position_key, 120)
LEFT JOIN (
    SELECT position_key, mode() WITHIN GROUP (ORDER BY job_family_id) AS id FROM directory_employment
    WHERE position_key IN (SELECT position_key FROM import_job) GROUP BY position_key
) usual ON usual.position_key = keys.position_key;
CREATE UNIQUE INDEX ON import_family (position_key);
ANALYZE import_family;
"""
# What an application would first have to make is nobody's yet: -1 differs from all there is.
_KNOW_WHAT_STANDS = f"""
UPDATE import_job j SET job_family_id = COALESCE(f.id, -1),
    manager_id = CASE WHEN j.manager_number <> '' THEN COALESCE({MANAGER}, -1) END,
    workplace_id = CASE WHEN j.workplace <> '' THEN COALESCE((SELECT w.id FROM directory_workplace w
        WHERE w.name = j.workplace), -1) END
FROM import_family f WHERE f.position_key = j.position_key
"""  # noqa: S608
_CHANGING = f"""
DROP TABLE IF EXISTS import_changing;
CREATE TEMPORARY TABLE import_changing ON COMMIT DROP AS
SELECT p.record, p.is_ready FROM import_person p LEFT JOIN directory_employee e ON e.id = p.employee_id
WHERE e.id IS NULL OR {PERSON_DIFFERS}
UNION SELECT j.record, j.is_ready FROM import_job j LEFT JOIN directory_employment m ON m.id = j.employment_id
WHERE m.id IS NULL OR {JOB_DIFFERS};
CREATE UNIQUE INDEX ON import_changing (record);
"""  # noqa: S608

# Rows of people who are hidden from the one who brings the file say as much as rows of nobody known.
_NEWS = """
DROP TABLE IF EXISTS import_news;
CREATE TEMPORARY TABLE import_news ON COMMIT DROP AS
WITH hidden AS (SELECT number FROM import_person WHERE hidden)
SELECT c.record, c.is_ready FROM import_changing c
WHERE c.record NOT IN (SELECT record FROM import_person WHERE hidden)
  AND c.record NOT IN (SELECT j.record FROM import_job j WHERE j.number IN (SELECT number FROM hidden))
UNION SELECT j.record, j.is_ready FROM import_job j
WHERE j.number IN (SELECT number FROM hidden) AND (j.end_date IS NULL OR j.end_date >= %(today)s);
CREATE UNIQUE INDEX ON import_news (record);
"""


def know_families() -> None:
    """Let `import_family` name the family of each position of the file; none where one of its title is to be made."""
    run(_FAMILIES)


def compare(today: datetime.date) -> int:
    """Compare the matched tables with what stands; return how many ready rows say anything new.

    `import_changing` then names the rows that would change something, `import_news` those that are told of as such.
    """
    know_families()
    run(_KNOW_WHAT_STANDS)
    run(_CHANGING)
    run(_NEWS, today=today)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM import_news WHERE is_ready")
        (count,) = cursor.fetchone()
    return int(count)
