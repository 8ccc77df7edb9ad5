from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.clock import local_today
from core.errors import RefusedError, require
from directory.actions.audit import record_audit_event
from directory.models import Employee, OrgUnit, Role, RoleGrant
from directory.policies import may_give_role


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
    """Give `employee` the role for the branch of `unit` (None: everywhere) and a period, and log it.

    Raises PermissionDenied when the role or the branch is above what `actor` holds, RefusedError when the period
    ends before it begins or the role is unknown.
    """
    start_date = start_date or local_today()
    if role not in Role.values:
        raise RefusedError(_("There is no such role."), field="role")
    if end_date and end_date < start_date:
        raise RefusedError(_("The last day is before the first."), field="end_date")
    require(may_give_role(actor, role, unit))
    grant = RoleGrant.objects.create(
        employee=employee, role=role, unit=unit, start_date=start_date, end_date=end_date, granted_by=actor
    )
    _log(actor, "directory.role_granted", grant)
    return grant


@transaction.atomic
def take_back_role(*, actor: Employee, grant: RoleGrant) -> None:
    """End the grant now, and log it. Raises PermissionDenied when `actor` could not have given it."""
    require(may_give_role(actor, grant.role, grant.unit))
    if grant.taken_back_at is None:
        grant.taken_back_at = timezone.now()
        grant.save(update_fields=["taken_back_at"])
        _log(actor, "directory.role_taken_back", grant)


def _log(actor: Employee, verb: str, grant: RoleGrant) -> None:
    facts = {"role": grant.role, "unit": grant.unit.public_id if grant.unit else None}
    record_audit_event(actor=actor, verb=verb, obj=grant, subject=grant.employee, facts=facts)
