"""What each row of a checked file would change, fact by fact: what stands and what will stand, as a person reads it."""

from __future__ import annotations

from onboarding.imports.differing import EMAIL, JOB_DIFFERS, MOBILE, PERSON_DIFFERS, WORK_PHONE
from onboarding.imports.staging import run

# A leader with a protected address stands under the number alone.
_LEADER = """CASE WHEN {0}.id IS NULL THEN '' WHEN {0}.protected THEN COALESCE({0}.employee_number, '')
 ELSE trim({0}.first_name || ' ' || {0}.last_name) || COALESCE(' (' || {0}.employee_number || ')', '') END"""
_OF_PERSON = f"""
SELECT p.record, v.name, v.former, v.current
FROM import_person p JOIN directory_employee e ON e.id = p.employee_id CROSS JOIN LATERAL (VALUES
    ('fornavn', e.first_name, p.first_name), ('etternavn', e.last_name, p.last_name),
    ('epost', COALESCE(e.email, ''), COALESCE({EMAIL}, '')), ('mobil', e.private_mobile, {MOBILE}),
    ('jobbtelefon', e.work_phone, {WORK_PHONE}),
    ('skjermet', CASE WHEN e.protected THEN 'J' ELSE 'N' END,
     CASE WHEN COALESCE(p.protected, e.protected) THEN 'J' ELSE 'N' END)
) v (name, former, current) WHERE NOT p.hidden AND {PERSON_DIFFERS}
"""  # noqa: S608
_OF_JOB = f"""
SELECT j.record, v.name, v.former, v.current
FROM import_job j JOIN directory_employment m ON m.id = j.employment_id
LEFT JOIN directory_employee fm ON fm.id = m.manager_id LEFT JOIN directory_employee cm ON cm.id = j.manager_id
LEFT JOIN directory_workplace w ON w.id = m.workplace_id CROSS JOIN LATERAL (VALUES
    ('stilling', m.title, j.title), ('ansettelsestype', m.kind, j.kind),
    ('leder_ansattnr', {_LEADER.format("fm")},
     CASE WHEN cm.id IS NULL THEN COALESCE(j.manager_number, '') ELSE {_LEADER.format("cm")} END),
    ('startdato', m.start_date::text, j.start_date::text),
    ('sluttdato', COALESCE(m.end_date::text, ''), COALESCE(j.end_date::text, '')),
    ('stillingsprosent', trim_scale(m.percentage)::text, trim_scale(j.percentage)::text),
    ('arbeidssted', COALESCE(w.name, ''), COALESCE(j.workplace, w.name, '')),
    ('stillingskode', m.position_code, COALESCE(NULLIF(j.position_code, ''), m.position_code)),
    ('permisjon_til', COALESCE(m.leave_until_date::text, ''),
     COALESCE(CASE WHEN j.says_leave THEN j.leave_until_date ELSE m.leave_until_date END::text, ''))
) v (name, former, current)
WHERE {JOB_DIFFERS} AND j.number NOT IN (SELECT number FROM import_person WHERE hidden)
"""  # noqa: S608
_OF_NEW_JOB = """
SELECT j.record, v.name, '', v.current
FROM import_job j JOIN import_person p ON p.number = j.number AND p.employee_id IS NOT NULL AND NOT p.hidden
LEFT JOIN directory_orgunit u ON u.id = j.unit_id CROSS JOIN LATERAL (VALUES
    ('enhet', COALESCE(u.name, j.unit_code)), ('stilling', j.title), ('startdato', j.start_date::text)
) v (name, current) WHERE j.employment_id IS NULL
"""
_COLLECT = """
DROP TABLE IF EXISTS import_difference;
CREATE TEMPORARY TABLE import_difference ON COMMIT DROP AS
SELECT n.record, COALESCE(MAX(f.outcome), '') AS outcome, COALESCE(
    (SELECT jsonb_agg(jsonb_build_array(t.name, t.former, t.current))
     FROM import_told t WHERE t.record = n.record AND t.former <> t.current), '[]'::jsonb) AS changes
FROM import_news n
LEFT JOIN import_person own ON own.record = n.record LEFT JOIN import_job job ON job.record = n.record
LEFT JOIN import_person p ON p.number = COALESCE(own.number, job.number)
LEFT JOIN import_fate f ON f.number = p.number
GROUP BY n.record;
CREATE UNIQUE INDEX ON import_difference (record);
"""
_TOLD = f"""
DROP TABLE IF EXISTS import_told;
CREATE TEMPORARY TABLE import_told ON COMMIT DROP AS {_OF_PERSON} UNION ALL {_OF_JOB} UNION ALL {_OF_NEW_JOB};
CREATE INDEX ON import_told (record);
"""
_NAME_FATES = """
UPDATE import_fate f SET number = p.number FROM import_person p
WHERE f.number IS NULL AND p.employee_id = f.employee_id;
CREATE INDEX ON import_fate (number);
ANALYZE import_fate;
ANALYZE import_news;
"""


def collect_differences() -> None:
    """Fill `import_difference` from the compared tables: for each row with news, the outcome and [column, was, is]."""
    run(_NAME_FATES)
    run(_TOLD)
    run(_COLLECT)
