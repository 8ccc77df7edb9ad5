"""Who may announce, to whom, who looks it over, and who may see the figures.

Whoever announces does so within units: communications staff within those their role is for, leaders within those
they lead, everything below included. `may_address` is the one place that says so. Preparedness is a right of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from core.policies import policy
from directory.models import Employee
from groups.models import AudienceTerm, Group
from groups.querysets import members_only

# Held for the whole organisation, these reach everyone; held for a branch, only that.
EVERYWHERE = ("central_communications", "preparedness")


def branches_of(employee: Employee) -> list[str]:
    """Return the paths of the units `employee` may announce to; each stands for everything below it as well."""
    return [*employee.role_paths(*EVERYWHERE, "agency_communications"), *employee.led_paths]


@policy("announcements.write")
def write(employee: Employee) -> bool:
    """Communications staff, the preparedness right, and those who lead a unit."""
    return bool(branches_of(employee))


@policy("announcements.announce_to_everyone")
def announce_to_everyone(employee: Employee) -> bool:
    """Only central communications and preparedness address audiences beyond a branch of their own."""
    return employee.has_role_everywhere(*EVERYWHERE)


@policy("announcements.write_critical")
def write_critical(employee: Employee) -> bool:
    """Critical ones pass quiet hours and mutes: a named right."""
    return employee.has_role("preparedness")


@policy("announcements.manage")
def manage(employee: Employee) -> Q:
    """Authors keep their own announcements; central communications all but those to secret groups of others."""
    if employee.has_role_everywhere("central_communications"):
        return Q(author=employee) | ~Q(audience__in=_to_others_secret_groups(employee))
    return Q(author=employee) if employee.has_perm("announcements.write") else Q(pk__in=[])


@policy("announcements.approve")
def approve(employee: Employee) -> Q:
    """Whoever may announce to everyone looks over what others want to send to everyone."""
    if not employee.has_perm("announcements.announce_to_everyone"):
        return Q(pk__in=[])
    return Q(state="awaiting_approval") & ~_of(employee)


@policy("announcements.countersign")
def countersign(employee: Employee) -> Q:
    """Whoever may announce to everyone signs afterwards for the critical ones that others have sent alone."""
    if not employee.has_perm("announcements.announce_to_everyone"):
        return Q(pk__in=[])
    unsigned = Q(level="critical", state__in=["sending", "published"], approved_at__isnull=True)
    return unsigned & ~_of(employee) & ~Q(audience__in=_to_others_secret_groups(employee))


def _of(employee: Employee) -> Q:
    return Q(author=employee) | Q(publish_requested_by=employee)


def _to_others_secret_groups(employee: Employee) -> QuerySet[AudienceTerm, Any]:
    not_theirs = Group.objects.filter(privacy=Group.Privacy.SECRET).exclude(members_only(employee))
    return AudienceTerm.objects.filter(group__in=not_theirs).values("audience_id")


def may_address(employee: Employee, terms: Iterable[AudienceTerm]) -> bool:
    """Say whether `employee` may announce to these terms: everyone, or else nothing but units of the own branches."""
    if employee.has_perm("announcements.announce_to_everyone"):
        return True
    branches = branches_of(employee)
    return all(
        term.unit is not None and any(term.unit.path.startswith(path) for path in branches)
        for term in terms
        if not term.exclude
    )


def may_urge(employee: Employee, terms: Iterable[AudienceTerm]) -> bool:
    """Say whether `employee` may let this pass quiet hours: whoever leads every unit it goes to, and nobody else."""
    included = [term for term in terms if not term.exclude]
    led = employee.led_paths
    return bool(included) and all(
        term.unit is not None and any(term.unit.path.startswith(path) for path in led) for term in included
    )


def is_for_everyone(terms: Iterable[AudienceTerm]) -> bool:
    """Say whether these terms make an announcement to everyone, which a second pair of eyes looks over.

    «Everyone» does, and so does the organisation as a unit, whoever is left out: leaving one person out must not be
    the way round.
    """
    included = [term for term in terms if not term.exclude]
    return any(term.kind == AudienceTerm.Kind.EVERYONE or (term.unit and term.unit.depth == 0) for term in included)
