"""What the directory itself adds to its pages for those with more to do there."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string

from core.fragments import fragment
from directory.history import read_history
from directory.models import Employee
from directory.role_listing import grants_of

CHANGES_SHOWN = 5


@fragment("person.side", order=80)
def roles_of_person(request: HttpRequest, *, person: Employee) -> str:
    """The person's roles, for those who give and take them."""
    viewer = request.user
    if not isinstance(viewer, Employee) or not viewer.has_perm("directory.grant_roles"):
        return ""
    context = {"person": person, "grants": grants_of(viewer, person), "is_me": person.pk == viewer.pk}
    return render_to_string("directory/person_roles.html", context, request)


@fragment("person.side", order=70)
def history_of_person(request: HttpRequest, *, person: Employee) -> str:
    """What HR changed lately, for HR. The person reads it among what the employer can see."""
    viewer = request.user
    if not isinstance(viewer, Employee) or not viewer.has_role("hr"):
        return ""
    page = read_history(viewer, person, size=CHANGES_SHOWN)
    context = {"person": person, "changes": page.items, "has_more": page.next_cursor}
    return render_to_string("directory/person_changes.html", context, request)
