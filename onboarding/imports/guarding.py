"""What a file may not do to protected people, whoever brings it: be found by, or opened for, others than HR."""

from __future__ import annotations

from django.db import connection

from directory.models import Employee

# Who they are, how they are reached and that they are protected stays as HR has said.
_KEEP_PEOPLE = """
UPDATE import_person p SET first_name = e.first_name, last_name = e.last_name, email = e.email,
    mobile = e.private_mobile, work_phone = e.work_phone, protected = e.protected
FROM directory_employee e WHERE e.id = p.employee_id AND e.protected
"""
# Whoever becomes somebody's leader sees them.
_KEEP_LEADERS = """
UPDATE import_job j SET manager_number = COALESCE(
    (SELECT COALESCE(l.employee_number, l.username) FROM directory_employment m
     JOIN directory_employee l ON l.id = m.manager_id WHERE m.id = j.employment_id), '')
FROM directory_employee e WHERE e.id = j.employee_id AND e.protected
"""
# Nor is anybody told, by a figure or a row, that the number is theirs.
_HIDE = "UPDATE import_person SET hidden = TRUE WHERE employee_id = ANY(%(people)s::bigint[])"


def guard_protected(by: Employee | None) -> None:
    """Let the matched rows change nothing about protected people but their jobs, unless HR (or the operator) brings
    them in; mark those whom `by` may not know of as hidden."""
    if by is None or by.has_role("hr"):
        return
    seen = Employee.objects.visible_to(by).filter(protected=True).values("pk")
    unseen = Employee.objects.filter(protected=True).exclude(pk__in=seen).values_list("pk", flat=True)
    with connection.cursor() as cursor:
        cursor.execute(_HIDE, {"people": list(unseen)})
        cursor.execute(_KEEP_PEOPLE)
        cursor.execute(_KEEP_LEADERS)
