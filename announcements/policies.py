"""Who may announce, to whom, and who may see the figures."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from core.policies import policy
from directory.models import Employee
from groups.models import AudienceTerm, Group
from groups.querysets import members_only


@policy("announcements.write")
def write(employee: Employee) -> bool:
    """Communications staff; further senders come with their own rules on the audience."""
    return employee.has_role("central_communications", "agency_communications", "preparedness")


@policy("announcements.announce_to_everyone")
def announce_to_everyone(employee: Employee) -> bool:
    """Only central communications (and preparedness) address audiences beyond a branch of their own."""
    return employee.has_role("central_communications", "preparedness")


@policy("announcements.write_critical")
def write_critical(employee: Employee) -> bool:
    """Critical ones pass quiet hours and mutes: a named right."""
    return employee.has_role("preparedness")


@policy("announcements.manage")
def manage(employee: Employee) -> Q:
    """Authors keep their own announcements; central communications all but those to secret groups of others."""
    if employee.has_role("central_communications"):
        not_theirs = Group.objects.filter(privacy=Group.Privacy.SECRET).exclude(members_only(employee))
        secret = AudienceTerm.objects.filter(group__in=not_theirs).values("audience_id")
        return Q(author=employee) | ~Q(audience__in=secret)
    return Q(author=employee) if employee.has_perm("announcements.write") else Q(pk__in=[])


def may_address(employee: Employee, terms: Iterable[AudienceTerm]) -> bool:
    """Say whether `employee` may announce to these terms: agency communications to units of the own branch alone."""
    if employee.has_perm("announcements.announce_to_everyone"):
        return True
    branches = employee.role_paths("agency_communications")
    return all(
        term.unit is not None and any(term.unit.path.startswith(path) for path in branches)
        for term in terms
        if not term.exclude
    )
