"""Whom to ask where one works: the superuser, the safety representative, nearest first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from directory.models import Employee, OrgUnit, Role, RoleGrant

WORDS: dict[Role, Callable[[], str]] = {
    Role.SUPERUSER: lambda: _("Superuser"),
    Role.SAFETY_REPRESENTATIVE: lambda: _("Safety representative"),
}


@dataclass(frozen=True)
class Contact:
    """A person with what they are to the reader, and what to ask them about."""

    person: Employee
    words: str
    about: str = ""
    role: str = ""


def local_contacts(unit: OrgUnit | None) -> list[Contact]:
    """Return the superuser and the safety representative nearest to `unit`, one of each. One query.

    People with a protected address are left out: whoever asks could otherwise find them here.
    """
    if unit is None:
        return []
    grants: Any = (
        RoleGrant.objects.in_force()
        .filter(role__in=list(WORDS), unit__in=unit.ancestor_ids())
        .filter(employee__is_active=True, employee__protected=False)
        .select_related("employee__primary_employment__unit", "unit")
        .order_by("-unit__depth", "pk")
    )
    nearest: dict[str, RoleGrant] = {}
    for grant in grants:
        nearest.setdefault(grant.role, grant)
    return [
        Contact(nearest[role].employee, words(), role=role.value) for role, words in WORDS.items() if role in nearest
    ]
