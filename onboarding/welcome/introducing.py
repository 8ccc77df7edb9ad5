"""The one quiet line about a new colleague: in their own group, after the first sign-in, unless they want none.

Nobody is notified of it. Whoever has a protected address is never told of, and whoever leaves the group, or says no
at any time, is told of no more.
"""

from __future__ import annotations

from django.utils import timezone

from directory.models import Employee
from notifications.sweeping import rounds
from onboarding.models import Welcome
from onboarding.welcome.page import memberships_of, own_group

AT_ONCE = 100


def introduce_new() -> int:
    """Let groups be told of those who have come in for the first time; return of how many."""
    told = 0
    for welcome in Welcome.objects.to_introduce().select_related("employee")[:AT_ONCE]:
        group = own_group(memberships_of(welcome.employee))
        if group:
            waiting = Welcome.objects.filter(pk=welcome.pk, introduced_at=None)
            told += waiting.update(introduced_in=group, introduced_at=timezone.now())
    return told


def decline_introduction(*, employee: Employee, declined: bool = True) -> None:
    """Keep that the person wants no line about them, or take that back."""
    Welcome.objects.filter(employee=employee).update(unannounced_at=timezone.now() if declined else None)


rounds.add("new colleagues", introduce_new)
