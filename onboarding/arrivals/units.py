"""Where one may prepare for new colleagues, and whose they then are."""

from __future__ import annotations

import datetime
from functools import reduce
from operator import or_

from django.db.models import Q

from core.clock import local_today
from directory.models import Employee, Employment, OrgUnit
from directory.querysets import EmploymentQuerySet, OrgUnitQuerySet
from onboarding.querysets.arrivals import KEEPERS, in_branches


def units_to_prepare_in(employee: Employee) -> OrgUnitQuerySet:
    """Return the units `employee` leads, has people in, or looks after for HR or the agency; with those below."""
    paths = [*employee.led_paths, *employee.role_paths(*KEEPERS)]
    own = Q(pk__in=employee.led_employments().values("unit"))
    return OrgUnit.objects.active().filter(reduce(or_, (Q(path__startswith=path) for path in paths), own))


def coming_to(leader: Employee) -> EmploymentQuerySet:
    """Return the jobs that begin in the days to come where `leader` prepares, as HR's file has them; soonest first."""
    own = leader.coming_employments().values("pk")
    theirs = Q(pk__in=own) | in_branches("unit", leader.role_paths("acting_leader"))
    # Of who is protected only the own leader knows, not whoever else leads the unit.
    theirs |= Q(unit__leader=leader, employee__protected=False)
    jobs = Employment.objects.filter(theirs, start_date__gt=local_today(), employee__kind="person")
    return jobs.select_related("employee", "unit__agency", "manager").order_by("start_date", "pk")


def first_day_of(employee: Employee, unit: OrgUnit, about: datetime.date) -> datetime.date | None:
    """Return the first day HR has for the job in the agency of `unit` that begins nearest to `about`; None for none.

    A job in the very unit comes before those elsewhere in the agency.
    """
    jobs = employee.employments.filter(unit__path__startswith=(unit.agency or unit).path)
    days = jobs.values_list("unit", "start_date")
    nearest = min(days, key=lambda job: (job[0] != unit.pk, abs((job[1] - about).days)), default=None)
    return nearest[1] if nearest else None


def leader_for(*, actor: Employee, unit: OrgUnit, job: Employment | None) -> Employee:
    """Return whose new colleague it is: HR's manager of the job, else `actor` who leads there, else who does."""
    if job and job.manager and job.manager.is_active:
        return job.manager
    leads = any(unit.path.startswith(path) for path in actor.led_paths)
    if leads or actor.led_employments().filter(unit=unit).exists():
        return actor
    above = OrgUnit.objects.above(unit).filter(leader__is_active=True).select_related("leader").last()
    return above.leader if above and above.leader else actor
