"""What a file changed about people, kept as they read it: what it was, what it is. A few statements, whatever the size.

What stood is set aside before the rows are written, and compared with what stands afterwards, so that the history tells
what became of a row, not what it asked for. People who are new have no history.
"""

from __future__ import annotations

from directory.models import Employee, FactChange
from onboarding.imports.differing import JOB_DIFFERS, PERSON_DIFFERS
from onboarding.imports.staging import run

_KEEP_PEOPLE = f"""
DROP TABLE IF EXISTS import_former_person;
CREATE TEMPORARY TABLE import_former_person ON COMMIT DROP AS
SELECT e.id, e.first_name, e.last_name, e.email, e.work_phone, e.private_mobile, e.protected
FROM directory_employee e JOIN import_person p ON p.employee_id = e.id WHERE {PERSON_DIFFERS};
"""  # noqa: S608
_JOB = "m.id, m.employee_id, m.unit_id, m.title, m.manager_id, m.workplace_id, m.percentage, m.end_date"
_KEEP_JOBS = f"""
DROP TABLE IF EXISTS import_former_job;
CREATE TEMPORARY TABLE import_former_job ON COMMIT DROP AS
SELECT {_JOB} FROM directory_employment m JOIN import_job j ON j.employment_id = m.id WHERE {JOB_DIFFERS}
UNION SELECT {_JOB} FROM directory_employment m JOIN import_absent a ON a.employment_id = m.id;
"""  # noqa: S608

# A leader with a protected address stands under the name they chose, or under none («*»).
_NAME = """CASE WHEN {0}.id IS NULL THEN '' WHEN {0}.protected THEN COALESCE(NULLIF({0}.chosen_name, ''), '*')
 ELSE trim({0}.first_name || ' ' || {0}.last_name) END"""
_INSERT = """
INSERT INTO directory_factchange (employee_id, fact, former, current, source, actor_id, changed_at)
SELECT told.employee_id, told.fact, left(told.former, 250), left(told.current, 250), %(source)s, %(actor)s, now()
FROM ({told}) told WHERE told.former <> told.current
"""
_PEOPLE = """
SELECT f.id AS employee_id, v.fact, v.former, v.current
FROM import_former_person f JOIN directory_employee e ON e.id = f.id CROSS JOIN LATERAL (VALUES
    ('first_name', f.first_name, e.first_name), ('last_name', f.last_name, e.last_name),
    ('email', COALESCE(f.email, ''), COALESCE(e.email, '')), ('work_phone', f.work_phone, e.work_phone),
    ('private_mobile', f.private_mobile, e.private_mobile),
    ('protected', CASE WHEN f.protected THEN 'yes' ELSE '' END, CASE WHEN e.protected THEN 'yes' ELSE '' END)
) v (fact, former, current)
"""
_JOBS = f"""
SELECT f.employee_id, v.fact, v.former, v.current
FROM import_former_job f JOIN directory_orgunit u ON u.id = f.unit_id
LEFT JOIN directory_employment m ON m.id = f.id
LEFT JOIN directory_employee fm ON fm.id = f.manager_id LEFT JOIN directory_employee cm ON cm.id = m.manager_id
LEFT JOIN directory_workplace fw ON fw.id = f.workplace_id LEFT JOIN directory_workplace cw ON cw.id = m.workplace_id
CROSS JOIN LATERAL (VALUES
    ('job', f.title || ', ' || u.name, CASE WHEN m.id IS NULL THEN '' ELSE m.title || ', ' || u.name END),
    ('leader', CASE WHEN m.id IS NULL THEN '' ELSE {_NAME.format("fm")} END, {_NAME.format("cm")}),
    ('workplace', CASE WHEN m.id IS NULL THEN '' ELSE COALESCE(fw.name, '') END, COALESCE(cw.name, '')),
    ('percentage', trim_scale(f.percentage)::text, trim_scale(COALESCE(m.percentage, f.percentage))::text),
    ('end_date', CASE WHEN m.id IS NULL THEN '' ELSE COALESCE(f.end_date::text, '') END,
     COALESCE(m.end_date::text, ''))
) v (fact, former, current)
"""  # noqa: S608
# Only people who are new have been given a public id by the file.
_NEW_JOBS = """
SELECT j.employee_id, 'job', '', j.title || ', ' || u.name
FROM import_job j JOIN import_person p ON p.number = j.number AND p.public_id IS NULL
JOIN directory_orgunit u ON u.id = j.unit_id
WHERE j.employment_id IS NULL AND j.employee_id IS NOT NULL
"""
_SOURCES = {"scim": FactChange.Source.SCIM, "form": FactChange.Source.HAND}


def keep_former_people() -> None:
    """Set aside what stands of the people whom the staged file changes."""
    run(_KEEP_PEOPLE)


def keep_former_jobs() -> None:
    """Set aside the jobs that the staged file changes or ends."""
    run(_KEEP_JOBS)


def write_history(actor: Employee | None, source: str) -> int:
    """Store what became different since it was set aside; return how many facts that were."""
    told = f"{_PEOPLE} UNION ALL {_JOBS} UNION ALL {_NEW_JOBS}"
    known = _SOURCES.get(source, FactChange.Source.FILE)
    return run(_INSERT.format(told=told), source=known, actor=actor.pk if actor else None)
