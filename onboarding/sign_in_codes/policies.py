"""Who may hand over a one-time code, and who invites."""

from __future__ import annotations

import datetime

from django.db.models import Q

from core.clock import local_today
from core.policies import policy
from directory.models import Employee, OrgUnit, Role, RoleGrant
from directory.policies import own_people

# How long before the first day a letter may be made.
DAYS_BEFORE = 60
# Who holds one of these is helped by nobody below: a code would be a way up.
GUARDED = (
    *(Role.ADMIN, Role.AGENCY_ADMIN, Role.HR, Role.PREPAREDNESS, Role.DATA_PROTECTION_OFFICER),
    *(Role.CENTRAL_COMMUNICATIONS, Role.AGENCY_COMMUNICATIONS),
)


@policy("onboarding.invite")
def invite(employee: Employee) -> bool:
    """HR alone: besides the own leader nobody is told by name who has never signed in."""
    return employee.has_role(Role.HR)


@policy("onboarding.give_sign_in_codes")
def give_sign_in_codes(employee: Employee) -> Q:
    """Leaders and superusers, to their own people and to those who are about to begin with them.

    Never whoever brings people in: they see both facts a code is bound to, and whoever hands it over must not. Never
    to who holds a role that reaches further than helping colleagues in; and a superuser helps no leader, who sees more.
    """
    if employee.has_perm("directory.import_people"):
        return Q(pk__in=[])
    today = local_today()
    soon = today + datetime.timedelta(days=DAYS_BEFORE)
    coming = employee.coming_employments().filter(start_date__gt=today, start_date__lte=soon).values("employee_id")
    led = Q(pk__in=employee.led_employments().values("employee_id"))
    of_units = OrgUnit.objects.active().filter(leader__isnull=False).values("leader")
    below = led | ~(Q(pk__in=Employee.objects.leaders().values("pk")) | Q(pk__in=of_units))
    here = Q(is_active=True) & own_people(employee) & below
    soon_here = Q(is_active=False, pk__in=coming)
    guarded = RoleGrant.objects.lasting().filter(role__in=GUARDED).values("employee_id")
    return Q(kind=Employee.Kind.PERSON) & (here | soon_here) & ~Q(pk=employee.pk) & ~Q(pk__in=guarded)
