"""What an administrator does with identity systems: connects them, gives them keys, and takes these away."""

from __future__ import annotations

import datetime
import secrets

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.database import lock_for_transaction
from core.errors import RefusedError, require
from core.national_ids import holds_national_id
from directory.actions import record_audit_event
from directory.audit_words import audit_words
from directory.models import AuditEvent, Employee, OrgUnit
from directory.tokens import token_digest
from groups.models import Group
from onboarding.enrolment_jobs import reconcile_soon
from onboarding.models import ScimClient, ScimGroup, ScimToken
from onboarding.reconcile import LOCK
from onboarding.rules.actions import groups_for_rules, tell_owners
from onboarding.scim import people

audit_words.add("onboarding.scim_shut", gettext_lazy("The system where your account is kept shut you out"))
audit_words.add("onboarding.scim_opened", gettext_lazy("You were let in again after having been shut out"))

LONGEST_OVERLAP_DAYS = 30
SHOWN = 4
MOST_CLIENTS = 20


@transaction.atomic
def create_client(*, actor: Employee, name: str, unit: OrgUnit | None = None) -> tuple[ScimClient, str]:
    """Make room for an identity system that speaks for the branch of `unit`, or for everyone; log it.

    Returns it with its first key, which is shown this once. Raises PermissionDenied for others than administrators,
    RefusedError (field "name") without a name, with one that is taken or holds an identity number, and when there are
    very many.
    """
    _require(actor)
    name = " ".join(name.split())
    in_use = ScimClient.objects.filter(closed_at=None)
    if not name:
        raise RefusedError(_("Write what the system is called."), field="name")
    if holds_national_id(name):
        raise RefusedError(_("Take out the national identity number. It must not stand here."), field="name")
    if in_use.filter(name__iexact=name).exists() or in_use.count() >= MOST_CLIENTS:
        raise RefusedError(_("There is one of that name. Choose another name."), field="name")
    client = ScimClient.objects.create(name=name, unit=unit, created_by=actor)
    facts = {"unit": unit.code if unit else ""}
    record_audit_event(actor=actor, verb="onboarding.scim_client_made", obj=client, facts=facts)
    return client, _new_key(actor, client)


@transaction.atomic
def make_key(*, actor: Employee, client: ScimClient, overlap_days: int = 0) -> str:
    """Make another key for the client and let those there are end after `overlap_days`; log it.

    Returns the key, which is shown this once. Raises PermissionDenied, and RefusedError for a client that is closed
    or a number of days that does not fit.
    """
    _require(actor)
    if not 0 <= overlap_days <= LONGEST_OVERLAP_DAYS:
        text = _("Choose at most %(days)d days.") % {"days": LONGEST_OVERLAP_DAYS}
        raise RefusedError(text, field="overlap_days")
    locked = ScimClient.objects.select_for_update().get(pk=client.pk)
    if locked.closed_at:
        raise RefusedError(_("This system is no longer connected."), code="conflict")
    ends_at = timezone.now() + datetime.timedelta(days=overlap_days)
    later = Q(expires_at__isnull=True) | Q(expires_at__gt=ends_at)
    locked.tokens.valid().filter(later).update(expires_at=ends_at)
    return _new_key(actor, locked)


@transaction.atomic
def revoke_key(*, actor: Employee, token: ScimToken) -> None:
    """Make a key worthless from now on; log it."""
    _require(actor)
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        _log(actor, token.client, "onboarding.scim_key_revoked", ending=token.ending)


@transaction.atomic
def close_client(*, actor: Employee, client: ScimClient) -> None:
    """Let the client in no more; people and memberships stay as it left them. Log it."""
    _require(actor)
    if client.closed_at is None:
        client.closed_at = timezone.now()
        client.save(update_fields=["closed_at"])
        client.tokens.filter(revoked_at=None).update(revoked_at=client.closed_at)
        client.held.all().delete()
        _log(actor, client, "onboarding.scim_client_closed")


@transaction.atomic
def connect_group(*, actor: Employee, told: ScimGroup, group: Group | None, may_leave: bool = True) -> None:
    """Let the members of the client's group be members of `group` here, or with None no longer; log it.

    Memberships follow within moments, and say why; owners of a group that is not open are told, as of a rule. Raises
    PermissionDenied, and RefusedError (field "group") for a group that `actor` may not fill.
    """
    _require(actor)
    lock_for_transaction(LOCK)
    if group is not None and not groups_for_rules(actor).filter(pk=group.pk).exists():
        raise RefusedError(_("Choose one of the groups shown."), field="group")
    is_new = told.group_id != (group.pk if group else None)
    told.group, told.may_leave = group, may_leave
    told.save(update_fields=["group", "may_leave"])
    verb = "onboarding.scim_group_connected" if group else "onboarding.scim_group_disconnected"
    event = _log(actor, told.client, verb, told=told.public_id, group=group.public_id if group else "")
    if group is not None and is_new:
        tell_owners(actor=actor, kind="group_connected", key=f"connected:{event.pk}", groups=[group])
    reconcile_soon(told.members.values_list("user__employee_id", flat=True))


@transaction.atomic
def let_in_again(*, actor: Employee, client: ScimClient, employee: Employee) -> None:
    """Open the account of somebody who has a job, though the client has shut it; log it."""
    _require(actor)
    lock_for_transaction(LOCK)
    people.let_in_again(employee)
    record_audit_event(actor=actor, verb="onboarding.scim_opened", obj=client, subject=employee)


@transaction.atomic
def let_through(*, actor: Employee, client: ScimClient, number: int) -> None:
    """Say that the `number` accounts held for the client are to be shut; log it. They are shut within moments.

    Raises PermissionDenied, and RefusedError (field "number") when there are more or fewer by now.
    """
    _require(actor)
    lock_for_transaction(LOCK)
    waiting = client.held.waiting()
    if not number or waiting.count() != number:
        raise RefusedError(_("The number is another one. Look at the list once more."), field="number")
    waiting.update(released_at=timezone.now(), released_by=actor)
    _log(actor, client, "onboarding.scim_let_through", number=str(number))


@transaction.atomic
def keep_open(*, actor: Employee, client: ScimClient) -> None:
    """Leave the accounts held for the client open; log it. If the client asks again, they are held again."""
    _require(actor)
    number = client.held.waiting().delete()[0]
    if number:
        _log(actor, client, "onboarding.scim_kept_open", number=str(number))


def _require(actor: Employee) -> None:
    require(actor.has_perm("onboarding.keep_scim"))


def _new_key(actor: Employee, client: ScimClient) -> str:
    key = f"tunet_scim_{secrets.token_urlsafe(32)}"
    ending = key[-SHOWN:]
    ScimToken.objects.create(client=client, digest=token_digest(key), ending=ending, created_by=actor)
    _log(actor, client, "onboarding.scim_key_made", ending=ending)
    return key


def _log(actor: Employee, client: ScimClient, verb: str, **facts: str) -> AuditEvent:
    return record_audit_event(actor=actor, verb=verb, obj=client, facts=dict(facts))
