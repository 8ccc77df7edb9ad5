from __future__ import annotations

import datetime

from django.utils.translation import gettext as _

from core.clock import local_today
from core.errors import RefusedError, require
from directory.models import Absence, Employee
from directory.querysets import EmployeeQuerySet

LONGEST_AHEAD = datetime.timedelta(days=730)


def possible_stand_ins(employee: Employee) -> EmployeeQuerySet:
    """Return whom `employee` may name as a stand-in: colleagues at work whom everyone may see."""
    people: EmployeeQuerySet = Employee.objects.active().visible_to(employee)
    return people.filter(protected=False).exclude(pk=employee.pk)


def set_absence(
    *,
    actor: Employee,
    employee: Employee,
    start_date: datetime.date,
    end_date: datetime.date,
    stand_in: Employee | None = None,
) -> Absence:
    """Tell colleagues that `employee` is away on these days, the last one included, and whom to ask meanwhile.

    Raises PermissionDenied when `actor` may not, RefusedError at the field that cannot be taken.
    """
    require(actor.has_perm("directory.edit_profile", employee))
    _check_days(start_date, end_date)
    if stand_in and not possible_stand_ins(employee).filter(pk=stand_in.pk).exists():
        raise RefusedError(_("Choose a colleague who works here."), field="stand_in_name")
    days = {"start_date": start_date, "end_date": end_date, "stand_in": stand_in}
    return Absence.objects.update_or_create(employee=employee, defaults=days)[0]


def end_absence(*, actor: Employee, employee: Employee) -> None:
    """Tell colleagues no longer that `employee` is away. Raises PermissionDenied when `actor` may not."""
    require(actor.has_perm("directory.edit_profile", employee))
    Absence.objects.filter(employee=employee).delete()


def _check_days(start_date: datetime.date, end_date: datetime.date) -> None:
    today = local_today()
    if end_date < start_date:
        raise RefusedError(_("The last day cannot come before the first."), field="end_date")
    if end_date < today:
        raise RefusedError(_("That day has passed."), field="end_date")
    if end_date - today > LONGEST_AHEAD:
        raise RefusedError(_("Choose a day within the next two years."), field="end_date")
