"""What stood of the people a run changes, kept beside what stands afterwards: what undoing the run goes by.

A person is one value, jobs included, so that «changed since» is one comparison whatever the run did.
"""

from __future__ import annotations

import datetime

from django.utils import timezone

from onboarding.imports.staging import run as execute
from onboarding.models import ImportChange, ImportRun

# How long a run can be undone.
UNDO_TIME = datetime.timedelta(hours=24)
# They follow from the jobs and the date, so they may change by themselves at midnight.
DERIVED = "ARRAY['is_active', 'left_date']"
FACTS = """
SELECT e.id AS employee_id, jsonb_build_object(
    'first_name', e.first_name, 'last_name', e.last_name, 'email', e.email, 'private_mobile', e.private_mobile,
    'work_phone', e.work_phone, 'protected', e.protected, 'is_active', e.is_active, 'left_date', e.left_date,
    'jobs', COALESCE((SELECT jsonb_agg(to_jsonb(m) ORDER BY m.id) FROM directory_employment m
                      WHERE m.employee_id = e.id), '[]'::jsonb)) AS facts
FROM directory_employee e WHERE e.id IN ({people})
"""
_TO_CHANGE = """
SELECT p.employee_id FROM import_person p JOIN import_changing c ON c.record = p.record
UNION SELECT j.employee_id FROM import_job j JOIN import_changing c ON c.record = j.record
UNION SELECT employee_id FROM import_absent
"""
_BEFORE = f"""
DROP TABLE IF EXISTS import_before;
CREATE TEMPORARY TABLE import_before ON COMMIT DROP AS {FACTS.format(people=_TO_CHANGE)};
"""
_KEEP = f"""
INSERT INTO onboarding_importchange (run_id, employee_id, before, after)
SELECT %(run)s, now.employee_id, b.facts, now.facts
FROM ({FACTS.format(people="SELECT employee_id FROM import_changed WHERE what <> 'manager'")}) now
LEFT JOIN import_before b ON b.employee_id = now.employee_id
WHERE CASE WHEN b.facts IS NULL
           THEN EXISTS (SELECT 1 FROM import_changed c WHERE c.employee_id = now.employee_id AND c.what = 'new')
           ELSE b.facts - {DERIVED} <> now.facts - {DERIVED} END
"""  # noqa: S608


def set_aside() -> None:
    """Note what stands of everyone whom the staged file may change. Before anything is written."""
    execute(_BEFORE)


def keep_changes(run: ImportRun) -> int:
    """Keep, for `run`, what stood and what stands of everyone it changed; return how many persons."""
    return execute(_KEEP, run=run.pk)


def may_be_undone(run: ImportRun) -> bool:
    """Whether the run stands, is young enough, and changed anybody."""
    is_young = run.applied_at is not None and timezone.now() - run.applied_at < UNDO_TIME
    return run.state == ImportRun.State.APPLIED and is_young and bool(run.summary.get("undoable"))


def forget_changes() -> int:
    """Remove what is kept of runs that can no longer be undone; return how much."""
    old = ImportChange.objects.filter(run__applied_at__lt=timezone.now() - UNDO_TIME)
    return old._raw_delete(old.db)
