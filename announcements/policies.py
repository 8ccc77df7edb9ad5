"""Who may announce, to whom, and who may see the figures."""

from __future__ import annotations

from django.db.models import Q

from core.policies import policy
from directory.models import Employee


@policy("announcements.write")
def write(employee: Employee) -> bool:
    """Communications staff; further senders come with their own rules on the audience."""
    return employee.has_role("central_communications", "agency_communications", "preparedness")


@policy("announcements.announce_to_everyone")
def announce_to_everyone(employee: Employee) -> bool:
    """Only central communications (and preparedness) address audiences beyond a branch of their own."""
    return employee.has_role("central_communications", "preparedness")


@policy("announcements.manage")
def manage(employee: Employee) -> Q:
    """Authors keep their own announcements; central communications keeps all."""
    if employee.has_role("central_communications"):
        return Q()
    return Q(author=employee) if employee.has_perm("announcements.write") else Q(pk__in=[])
