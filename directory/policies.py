"""Who may do what in the directory."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.db.models import Q

from core.policies import policy
from directory.models import Employee, Employment, OrgUnit, Role

# Who gives units their names.
NAMERS = ("hr", "admin", "agency_admin")
# What an agency's own administrator hands out within the agency; everything else is for the organisation's.
LOCAL_ROLES = frozenset({Role.SUPERUSER, Role.AGENCY_COMMUNICATIONS, Role.ACTING_LEADER, Role.SAFETY_REPRESENTATIVE})


@policy("directory.import_people")
def import_people(employee: Employee) -> bool:
    """HR and the organisation's administrators bring people in."""
    return employee.has_role("hr", "admin")


@policy("directory.grant_roles")
def grant_roles(employee: Employee) -> bool:
    """Roles are given by administrators; `may_give_role` says which."""
    return employee.has_role("admin", "agency_admin")


def may_give_role(employee: Employee, role: str, unit: OrgUnit | None) -> bool:
    """Say if `employee` may give and take back `role` for the branch of `unit`; nobody raises anyone above themself."""
    givers = ("admin", "agency_admin") if role in LOCAL_ROLES else ("admin",)
    branch = unit.path if unit else "/"
    return any(branch.startswith(path) for path in employee.role_paths(*givers))


def may_appoint(employee: Employee, other: Employee) -> bool:
    """Say if `employee` may give roles to `other` at all: an agency's administrator to the branch's people only."""
    if employee.has_role("admin"):
        return True
    branches = (Q(unit__path__startswith=path) for path in employee.role_paths("agency_admin"))
    return Employment.objects.current().filter(reduce(or_, branches, Q(pk__in=[])), employee=other).exists()


@policy("directory.edit_profile")
def edit_profile(employee: Employee) -> Q:
    """Everyone edits their own page."""
    return Q(pk=employee.pk)


@policy("directory.see_mobile")
def see_mobile(employee: Employee) -> Q:
    """A private mobile number is for oneself and the own leader until the person opens it, to the unit or to all."""
    led = employee.led_employments().values("employee_id")
    jobs = Employment.objects.current()
    unit = jobs.filter(unit__in=jobs.filter(employee=employee).values("unit")).values("employee_id")
    seen_by = Employee.MobileSeenBy
    opened = Q(mobile_seen_by=seen_by.EVERYONE) | Q(mobile_seen_by=seen_by.UNIT, pk__in=unit)
    return opened | Q(pk=employee.pk) | Q(pk__in=led)


@policy("directory.see_hr_facts")
def see_hr_facts(employee: Employee) -> Q:
    """Facts HR owns about a protected person: the person, the own leader and HR."""
    if employee.has_role("hr"):
        return Q()
    return Q(pk=employee.pk) | Q(pk__in=employee.led_employments().values("employee_id"))


@policy("directory.see_history")
def see_history(employee: Employee) -> Q:
    """What HR changed about a person is read by the person and by HR."""
    return Q() if employee.has_role("hr") else Q(pk=employee.pk)


def own_people(employee: Employee) -> Q:
    """Those whom `employee` helps: the people led; as superuser those of the branch, without the protected ones."""
    helped = Q(pk__in=employee.led_employments().values("employee_id"))
    for path in employee.role_paths(Role.SUPERUSER):
        people = Employment.objects.current().in_branch(path).values("employee_id")
        helped |= Q(pk__in=people, protected=False)
    return helped & ~Q(pk=employee.pk)


@policy("directory.end_sessions")
def end_sessions(employee: Employee) -> Q:
    """Leaders and superusers end the sessions of their own people, when a telephone is lost."""
    return own_people(employee)


@policy("directory.rename_units")
def rename_units(employee: Employee) -> Q:
    """HR and the organisation's administrators name every unit, an agency's own administrator those of the branch."""
    if employee.has_role("hr", "admin"):
        return Q()
    return reduce(or_, (Q(path__startswith=path) for path in employee.role_paths("agency_admin")), Q(pk__in=[]))


@policy("directory.keep_settings")
def keep_settings(employee: Employee) -> bool:
    """What the organisation itself decides is set by its administrators, not by those of one agency."""
    return employee.has_role_everywhere("admin")
