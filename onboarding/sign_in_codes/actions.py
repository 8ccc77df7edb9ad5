from __future__ import annotations

import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from core.clock import local_moment, local_today
from core.errors import RefusedError, require
from core.times import short_date
from directory.actions import record_audit_event
from directory.actions.sign_ins import log_sign_in_change
from directory.models import Employee
from onboarding.models import SignInCode
from onboarding.sign_in_codes.codes import (
    COUNTED_DAYS,
    LASTS,
    MOST_WRONG,
    MOST_WRONG_OF_ONE,
    digest_of,
    facts_fit,
    has_facts,
    new_code,
    typed,
)

# So long after the code was taken may the person choose how to sign in.
TIME_TO_CHOOSE = datetime.timedelta(minutes=20)
Road = SignInCode.Road


@transaction.atomic
def give_code(*, actor: Employee, employee: Employee, road: str = Road.HAND) -> str:
    """Make a one-time code that `actor` hands over, by hand or as a letter, and return it: it is kept nowhere.

    An earlier code of the person is worthless from now on. The person is told on every road. Raises PermissionDenied
    for whom `actor` may not help in, and RefusedError where HR lacks a fact the code is bound to, or where there were
    too many wrong answers lately.
    """
    require(actor.has_perm("onboarding.give_sign_in_codes", employee))
    if SignInCode.objects.wrong_tries_of(employee, COUNTED_DAYS) >= MOST_WRONG_OF_ONE:
        refusal = _("There were too many wrong answers. A new code can be made in %(days)d days; HR can look into it.")
        raise RefusedError(refusal % {"days": COUNTED_DAYS}, code="too_many_wrong")
    code = make_code(employee=employee, road=road, issued_by=actor)
    log_sign_in_change(verb="onboarding.code_given", employee=employee, actor=actor, road=road)
    return code


@transaction.atomic
def make_code(*, employee: Employee, road: str, issued_by: Employee | None = None) -> str:
    """Make a code for `employee` and return it. Who may is asked by `give_code`; invitations are sent by nobody.

    One code at a time. Before the first day it is made to open on that day.
    """
    if not has_facts(employee):
        raise RefusedError(_("HR has not given us the facts a code needs: employee number, and mobile or first day."))
    # One at a time also when two are made at once.
    Employee.objects.select_for_update().get(pk=employee.pk)
    now = timezone.now()
    SignInCode.objects.standing().filter(employee=employee).update(withdrawn_at=now)
    opens_at, code = _opens_at(employee), new_code()
    SignInCode.objects.create(
        employee=employee,
        digest=digest_of(code),
        road=road,
        issued_by=issued_by,
        opens_at=opens_at,
        expires_at=opens_at + LASTS[Road(road)],
    )
    return code


@transaction.atomic
def withdraw_codes(*, actor: Employee, employee: Employee) -> int:
    """Make the person's unused code worthless; return how many there were. Raises PermissionDenied."""
    require(actor.has_perm("onboarding.give_sign_in_codes", employee))
    count = SignInCode.objects.standing().filter(employee=employee).update(withdrawn_at=timezone.now())
    if count:
        record_audit_event(actor=actor, verb="onboarding.code_withdrawn", obj=employee, subject=employee)
    return count


def take_code(*, code: str, number: str, fact: str) -> SignInCode:
    """Take a code from whoever knows both facts: it is used from now on, and whose it is may choose how to sign in.

    Raises RefusedError. Who does not know the facts learns nothing, not even whether there is such a code; after
    five wrong answers it is worthless, and the person and whoever gave it are told.
    """
    with transaction.atomic():
        codes = SignInCode.objects.select_for_update(of=("self",)).select_related("employee")
        found = codes.filter(digest=digest_of(typed(code))).first()
        fits = facts_fit(found.employee if found else None, number, fact)
        refusal = _why_not(found, fits=fits)
        if found and not fits:
            _count_wrong(found)
        elif found and refusal is None:
            found.used_at = timezone.now()
            found.save(update_fields=["used_at"])
            log_sign_in_change(verb="onboarding.code_used", employee=found.employee, actor=found.employee)
            return found
    raise refusal or RefusedError("")


def still_choosing(public_id: str) -> SignInCode | None:
    """Return the code that was taken a short while ago, unless a newer one was made or the person has left."""
    since = timezone.now() - TIME_TO_CHOOSE
    codes = SignInCode.objects.select_related("employee").filter(public_id=public_id, used_at__gt=since)
    taken = codes.filter(employee__is_active=True).first()
    newer = taken and SignInCode.objects.filter(employee=taken.employee, issued_at__gt=taken.issued_at).exists()
    return None if newer else taken


def _opens_at(employee: Employee) -> datetime.datetime:
    """At once, or at the midnight that begins the first day."""
    if employee.is_active:
        return timezone.now()
    coming = employee.employments.filter(start_date__gt=local_today()).order_by("start_date").first()
    if coming is None:
        raise RefusedError(_("The person does not work here any more."))
    return local_moment(coming.start_date, datetime.time()) or timezone.now()


def _why_not(code: SignInCode | None, *, fits: bool) -> RefusedError | None:
    if code is None or not fits:
        return RefusedError(_("The code and the facts do not go together. Look over all three and try again."))
    if code.used_at:
        return RefusedError(_("The code has been used. Was it not you? Tell your leader, and ask for a new one."))
    if code.opens_at > timezone.now() and not code.withdrawn_at:
        day = short_date(timezone.localdate(code.opens_at))
        return RefusedError(_("The code can be used from your first day, %(day)s.") % {"day": day})
    if code.withdrawn_at or code.expires_at <= timezone.now() or not code.employee.is_active:
        return RefusedError(_("The code is no longer valid. Ask for a new one where you got it."))
    return None


def _count_wrong(code: SignInCode) -> None:
    if code.used_at or code.withdrawn_at:
        return
    code.wrong_tries += 1
    SignInCode.objects.filter(pk=code.pk).update(wrong_tries=F("wrong_tries") + 1)
    if code.wrong_tries >= MOST_WRONG:
        SignInCode.objects.filter(pk=code.pk).update(withdrawn_at=timezone.now())
        log_sign_in_change(verb="onboarding.code_blocked", employee=code.employee, actor=None)
