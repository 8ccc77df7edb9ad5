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

# Who began longer ago has begun.
DAYS_BEGUN = 31


def units_to_prepare_in(employee: Employee) -> OrgUnitQuerySet:
    """Return the units `employee` leads, has people in, or looks after for HR or the agency; with those below."""
    paths = [*employee.led_paths, *employee.role_paths(*KEEPERS)]
    own = Q(pk__in=employee.led_employments().values("unit"))
    return OrgUnit.objects.active().filter(reduce(or_, (Q(path__startswith=path) for path in paths), own))


def coming_to(leader: Employee) -> EmploymentQuerySet:
    """Return the jobs that begin in the days to come where `leader` prepares, as HR's file has them; soonest first."""
    theirs = Q(manager=leader) | Q(unit__in=units_to_prepare_in(leader).filter(leader=leader).values("pk"))
    theirs |= in_branches("unit", leader.role_paths("acting_leader"))
    jobs = Employment.objects.filter(theirs, start_date__gt=local_today(), employee__kind="person")
    return jobs.select_related("employee", "unit__agency", "manager").order_by("start_date", "pk")


def job_beginning(employee: Employee, unit: OrgUnit | None = None) -> Employment | None:
    """Return the job of `employee` that begins next or began last, in the agency of `unit` where one does."""
    jobs = employee.employments.select_related("unit__agency", "manager")
    if unit is not None and unit.agency_id:
        jobs = jobs.filter(unit__agency=unit.agency_id)
    about_now = local_today() - datetime.timedelta(days=DAYS_BEGUN)
    coming = jobs.filter(start_date__gte=about_now).order_by("start_date", "pk").first()
    return coming or jobs.order_by("-start_date", "pk").first()


def first_day_of(employee: Employee, unit: OrgUnit) -> datetime.date | None:
    """Return the first day HR has for the person's job in the agency of `unit`; None where it has none."""
    job = job_beginning(employee, unit)
    return job.start_date if job else None


def leader_for(*, actor: Employee, unit: OrgUnit, employee: Employee | None) -> Employee:
    """Return whose new colleague it is: HR's manager of the job, else `actor` who leads there, else who does."""
    job = job_beginning(employee, unit) if employee else None
    if job and job.manager and job.manager.is_active:
        return job.manager
    leads = any(unit.path.startswith(path) for path in actor.led_paths)
    if leads or actor.led_employments().filter(unit=unit).exists():
        return actor
    above = OrgUnit.objects.above(unit).filter(leader__is_active=True).select_related("leader").last()
    return above.leader if above and above.leader else actor
