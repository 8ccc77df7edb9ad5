from __future__ import annotations

from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.clock import local_today
from core.errors import RefusedError, require
from directory import passkeys
from directory.actions.audit import record_audit_event
from directory.models import AuditEvent, Employee, SignInDay
from directory.signals import sessions_ended, sign_in_changed

# Where a session notes the last day that has been kept.
SIGN_IN_DAY = "sign_in_day"
# More would be nobody's devices.
MOST_PASSKEYS = 12


def record_sign_in(*, employee: Employee) -> None:
    """Keep that `employee` signed in today, and when it was the first time. Never the hour of any other time."""
    SignInDay.objects.bulk_create([SignInDay(employee=employee, date=local_today())], ignore_conflicts=True)
    if employee.first_signed_in_at is None:
        employee.first_signed_in_at = timezone.now()
        never = Q(pk=employee.pk, first_signed_in_at=None)
        Employee.objects.filter(never).update(first_signed_in_at=employee.first_signed_in_at)


def log_sign_in_change(*, verb: str, employee: Employee, actor: Employee | None, **facts: Any) -> AuditEvent:
    """Log that something about how `employee` signs in was changed, and tell them once it is committed."""
    event = record_audit_event(actor=actor, verb=verb, obj=employee, subject=employee, facts=facts)
    transaction.on_commit(lambda: sign_in_changed.send_robust(sender=AuditEvent, event_id=event.pk))
    return event


@transaction.atomic
def end_sessions(*, actor: Employee, employee: Employee) -> None:
    """End every session of `employee`: one's own, or as leader or superuser those of the own people.

    Open pages are closed, too. Raises PermissionDenied for others.
    """
    require(actor.pk == employee.pk or actor.has_perm("directory.end_sessions", employee))
    _begin_anew(employee)
    log_sign_in_change(verb="directory.sessions_ended", employee=employee, actor=actor)


@transaction.atomic
def choose_password(*, employee: Employee, password: str) -> None:
    """Give `employee`, who has just come in with a one-time code, the password they chose. Earlier sessions end.

    Raises RefusedError at "password" for one that will not do.
    """
    try:
        validate_password(password, employee)
    except ValidationError as error:
        raise RefusedError(" ".join(error.messages), field="password") from error
    employee.set_password(password)
    employee.save(update_fields=["password"])
    _begin_anew(employee)
    log_sign_in_change(verb="directory.password_chosen", employee=employee, actor=employee)


@transaction.atomic
def add_passkey(*, employee: Employee, credential: str, name: str, begins_anew: bool = False) -> None:
    """Keep the passkey that a browser has just made for `employee`; with `begins_anew`, earlier sessions end.

    Raises RefusedError for one that does not answer what was asked, or one too many.
    """
    if passkeys.passkeys_of(employee).count() >= MOST_PASSKEYS:
        raise RefusedError(_("You have %(count)d passkeys. Remove one first.") % {"count": MOST_PASSKEYS})
    passkeys.store(employee, credential, name)
    if begins_anew:
        _begin_anew(employee)
    log_sign_in_change(verb="directory.passkey_added", employee=employee, actor=employee)


@transaction.atomic
def remove_passkey(*, employee: Employee, public_id: str) -> None:
    """Remove one of the own passkeys. Raises RefusedError for the last one where there is no password."""
    Employee.objects.select_for_update().get(pk=employee.pk)
    kept = passkeys.passkeys_of(employee)
    found = [each for each in kept if passkeys.id_of(each) == public_id]
    if found and len(kept) == 1 and not employee.has_usable_password():
        raise RefusedError(_("It is your only way in. Choose a password or make another passkey first."))
    for each in found:
        each.delete()
        log_sign_in_change(verb="directory.passkey_removed", employee=employee, actor=employee)


def _begin_anew(employee: Employee) -> None:
    """Make every session worthless that was begun before now."""
    Employee.objects.filter(pk=employee.pk).update(sessions_ended=F("sessions_ended") + 1)
    employee.refresh_from_db(fields=["sessions_ended"])
    ids = [employee.pk]
    transaction.on_commit(lambda: sessions_ended.send_robust(sender=Employee, employee_ids=ids))
