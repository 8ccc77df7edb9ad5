"""The brake: a system that would shut very many out waits until a person has said that this is right.

The limit is that of a file. A refusal takes back all of its request, so what is held is written after it.
"""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone
from scim2_models import SCIMException

from directory.models import Employee, Role, RoleGrant
from notifications.actions import notify
from onboarding.imports.planning import FEW_LEAVERS, Plan
from onboarding.models import ScimClient, ScimHeld, ScimShut, ScimUser

# What a system has not asked for again by then, it no longer wants.
DAYS_HELD = 7


class HeldBackException(SCIMException):
    """So many accounts would be shut that a person must say that this is right."""

    status = 403
    _default_detail = (
        "Very many accounts have been shut within a day. An administrator must say that this is right, or mend it"
    )

    def __init__(self, employee: Employee) -> None:
        super().__init__()
        self.employee = employee


def brake(client: ScimClient, employee: Employee) -> bool:
    """Return whether shutting this account counts: it is in use, and nobody here has said that it may be shut.

    Raises HeldBackException where it would be one too many within a day.
    """
    if not employee.is_active:
        return False
    held = ScimHeld.objects.filter(client=client, employee=employee)
    if held.released().exists():
        held.delete()
        return False
    shut = ScimShut.objects.filter(client=client).counted().count()
    if shut >= FEW_LEAVERS and shut >= Plan(active=_active(client)).most_leavers:
        raise HeldBackException(employee)
    held.delete()
    return True


def hold_back(client: ScimClient, employee: Employee) -> None:
    """Remember that the client wants this account shut, and tell its keepers of the first of many."""
    with transaction.atomic():
        is_first = not client.held.waiting().exists()
        asked = {"asked_at": timezone.now()}
        held, _is_new = client.held.update_or_create(employee=employee, defaults=asked)
        if is_first:
            keepers = RoleGrant.objects.in_force().everywhere().filter(role=Role.ADMIN)
            recipients = keepers.values_list("employee", flat=True).distinct()
            notify(kind="accounts_held", recipients=list(recipients), event_key=f"held:{held.pk}", target_id=client.pk)


def stays_open(client: ScimClient, public_id: str) -> None:
    """The client says of its user with this id that the account is open: it is no longer held."""
    told = ScimUser.objects.told_by(client).filter(public_id=public_id)
    client.held.waiting().filter(employee__in=told.values("employee")).delete()


def forget_held() -> int:
    """Forget whom systems have not asked about again for long; return how many."""
    since = timezone.now() - datetime.timedelta(days=DAYS_HELD)
    return ScimHeld.objects.filter(asked_at__lt=since).delete()[0]


def _active(client: ScimClient) -> int:
    """How many work in the client's branch: those it has shut today are so many fewer already."""
    people = Employee.objects.active()
    return int((people.in_branch(client.unit.path) if client.unit else people).count())
