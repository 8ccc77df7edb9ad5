from __future__ import annotations

import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.clock import local_today
from core.errors import RefusedError, require
from directory.actions.audit import record_audit_event
from directory.models import Employee, OrgUnit, Role, RoleGrant
from directory.policies import may_appoint, may_give_role
from directory.signals import role_changed

# What the code asks for without regard to a unit, so that a branch would promise a limit that is not there.
WHOLE_ONLY = frozenset({Role.HR, Role.ADMIN, Role.CENTRAL_COMMUNICATIONS, Role.DATA_PROTECTION_OFFICER})
# What means nothing without a unit.
BRANCH_ONLY = frozenset({Role.AGENCY_ADMIN, Role.AGENCY_COMMUNICATIONS, Role.SUPERUSER, Role.ACTING_LEADER})


@transaction.atomic
def grant_role(
    *,
    actor: Employee,
    employee: Employee,
    role: str,
    unit: OrgUnit | None = None,
    start_date: datetime.date | None = None,
    end_date: datetime.date | None = None,
) -> RoleGrant:
    """Give `employee` the role for the branch of `unit` (None: everywhere) and a period, log it and tell the person.

    Raises PermissionDenied when the role or the branch is above what `actor` holds. Raises RefusedError, at the
    field, for an unknown role, a period that is reversed or over, an ended unit, a branch the role cannot have, a
    person who does not work here, oneself, and what the person already has.
    """
    start_date = start_date or local_today()
    unit = unit if unit is None or unit.depth else None
    if role not in Role.values:
        raise RefusedError(_("There is no such role."), field="role")
    require(may_give_role(actor, role, unit) and may_appoint(actor, employee))
    _check_period(role, start_date, end_date)
    _check_unit(role, unit)
    # Two administrators may give the same at the same moment.
    person = Employee.objects.select_for_update().get(pk=employee.pk)
    _check_person(actor, person)
    _check_not_held(person, role, unit, start_date, end_date)
    grant = RoleGrant.objects.create(
        employee=employee, role=role, unit=unit, start_date=start_date, end_date=end_date, granted_by=actor
    )
    _tell(actor, "directory.role_granted", grant)
    return grant


@transaction.atomic
def take_back_role(*, actor: Employee, grant: RoleGrant) -> None:
    """End the grant now, log it and tell the person.

    Raises PermissionDenied when `actor` could not have given it, RefusedError when nobody would be left to
    administer the organisation.
    """
    require(may_give_role(actor, grant.role, grant.unit))
    held = RoleGrant.objects.select_for_update().order_by("pk")
    # All administrators' grants are locked at once, so that two cannot take each other's.
    same = held.filter(Q(pk=grant.pk) | Q(role=Role.ADMIN)) if grant.role == Role.ADMIN else held.filter(pk=grant.pk)
    current = {each.pk: each for each in same}[grant.pk]
    if current.taken_back_at is not None:
        return
    _check_someone_is_left(grant)
    grant.taken_back_at = timezone.now()
    grant.save(update_fields=["taken_back_at"])
    _tell(actor, "directory.role_taken_back", grant)


def _check_period(role: str, start_date: datetime.date, end_date: datetime.date | None) -> None:
    if end_date and end_date < start_date:
        raise RefusedError(_("The last day is before the first."), field="end_date")
    if start_date < local_today():
        raise RefusedError(_("The first day has passed. A role cannot be given for what has been."), field="start_date")
    if role == Role.ACTING_LEADER and end_date is None:
        raise RefusedError(_("Say until when. An acting leader stands in for a time."), field="end_date")


def _check_unit(role: str, unit: OrgUnit | None) -> None:
    is_branch = unit is not None and unit.depth > 0
    if unit is not None and unit.ended_date is not None:
        raise RefusedError(_("%(unit)s has ended. Choose the unit that came after.") % {"unit": unit}, field="unit")
    if role in BRANCH_ONLY and not is_branch:
        raise RefusedError(_("Choose the unit this role is for."), field="unit")
    if role in WHOLE_ONLY and is_branch:
        raise RefusedError(_("This role is for the whole organisation, not for one unit."), field="unit")


def _check_person(actor: Employee, person: Employee) -> None:
    if person.pk == actor.pk:
        text = _("You cannot give yourself a role. Ask another administrator.")
        raise RefusedError(text, field="employee", code="own_role")
    if person.kind != Employee.Kind.PERSON or not person.is_active:
        text = _("%(name)s does not work here now.") % {"name": person.display_name}
        raise RefusedError(text, field="employee", code="not_here")


def _check_not_held(
    person: Employee, role: str, unit: OrgUnit | None, start_date: datetime.date, end_date: datetime.date | None
) -> None:
    held = RoleGrant.objects.filter(employee=person, role=role, unit=unit, taken_back_at=None)
    held = held.filter(Q(end_date=None) | Q(end_date__gte=start_date))
    if end_date:
        held = held.filter(start_date__lte=end_date)
    if held.exists():
        text = _("%(name)s already has this role in that period.") % {"name": person.display_name}
        raise RefusedError(text, field="role", code="already_held")


def _check_someone_is_left(grant: RoleGrant) -> None:
    others = RoleGrant.objects.in_force().everywhere().filter(role=Role.ADMIN, employee__is_active=True)
    if grant.role == Role.ADMIN and not others.exclude(pk=grant.pk).exists():
        text = _("Somebody must administer the organisation. Give the role to another person first.")
        raise RefusedError(text, code="last_administrator")


def _tell(actor: Employee, verb: str, grant: RoleGrant) -> None:
    facts = {"role": grant.role, "unit": grant.unit.public_id if grant.unit else None}
    record_audit_event(actor=actor, verb=verb, obj=grant, subject=grant.employee, facts=facts)
    sent = {"grant_id": grant.pk, "actor_id": actor.pk, "given": grant.taken_back_at is None}
    transaction.on_commit(lambda: role_changed.send_robust(sender=RoleGrant, **sent))
