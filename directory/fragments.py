"""What the directory itself adds to its pages for those with more to do there."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string

from core.fragments import fragment
from directory.models import Employee
from directory.role_listing import grants_of


@fragment("person.side", order=80)
def roles_of_person(request: HttpRequest, *, person: Employee) -> str:
    """The person's roles, for those who give and take them."""
    viewer = request.user
    if not isinstance(viewer, Employee) or not viewer.has_perm("directory.grant_roles"):
        return ""
    context = {"person": person, "grants": grants_of(viewer, person), "is_me": person.pk == viewer.pk}
    return render_to_string("directory/person_roles.html", context, request)
