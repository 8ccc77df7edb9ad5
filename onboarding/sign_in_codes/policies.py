"""Who may hand over a one-time code."""

from __future__ import annotations

import datetime

from django.db.models import Q

from core.clock import local_today
from core.policies import policy
from directory.models import Employee, Role, RoleGrant
from directory.policies import own_people

# How long before the first day a letter may be made.
DAYS_BEFORE = 60
# Who holds one of these is helped by nobody below: a code would be a way up.
GUARDED = (
    *(Role.ADMIN, Role.AGENCY_ADMIN, Role.HR, Role.PREPAREDNESS, Role.DATA_PROTECTION_OFFICER),
    *(Role.CENTRAL_COMMUNICATIONS, Role.AGENCY_COMMUNICATIONS),
)


@policy("onboarding.give_sign_in_codes")
def give_sign_in_codes(employee: Employee) -> Q:
    """Leaders and superusers, to their own people and to those who are about to begin with them.

    Never somebody in HR: HR knows both facts a code is bound to, and whoever hands it over must not. And never to
    who holds a role that reaches further than helping colleagues in.
    """
    if employee.has_role(Role.HR):
        return Q(pk__in=[])
    today = local_today()
    soon = today + datetime.timedelta(days=DAYS_BEFORE)
    coming = employee.managed_employments.filter(start_date__gt=today, start_date__lte=soon).values("employee_id")
    helped = (Q(is_active=True) & own_people(employee)) | (Q(is_active=False, pk__in=coming) & ~Q(pk=employee.pk))
    guarded = RoleGrant.objects.lasting().filter(role__in=GUARDED).values("employee_id")
    return Q(kind=Employee.Kind.PERSON) & helped & ~Q(pk__in=guarded)
