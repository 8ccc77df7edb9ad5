"""What a system has told of people who left is forgotten with their profile; a job it keeps gives way to HR's."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Value
from django.db.models.functions import JSONObject

from core.clock import local_today
from core.database import lock_for_transaction
from directory.models import Employment
from directory.tasks import DAYS_PROFILE_IS_KEPT
from notifications.sweeping import purges, rounds
from onboarding.models import ScimHeld, ScimUser
from onboarding.reconcile import LOCK
from onboarding.scim.braking import forget_held
from onboarding.scim.people import SOURCE, bring_in
from onboarding.scim.storage import told_before
from onboarding.scim.users import shut_user

MOST_AT_ONCE = 1_000
# In one round: each takes a moment, and others wait for their turn.
MOST_SHUT = 100


def forget_told() -> int:
    """Blank what is told of people who left long ago; return of how many.

    User name and external id are kept: Okta never deletes anybody, and knows them again by these when they return.
    """
    left = local_today() - datetime.timedelta(days=DAYS_PROFILE_IS_KEPT)
    gone = ScimUser.objects.filter(is_active=False, employee__is_active=False, employee__left_date__lt=left)
    kept = JSONObject(userName=F("user_name"), active=Value(False))
    return gone.exclude(attributes=kept).update(addresses=[], attributes=kept)


def give_way() -> int:
    """End jobs that systems keep of people whom HR's file employs by now; return of how many people."""
    today = local_today()
    jobs = Employment.objects.filter(employee=OuterRef("employee")).current(today).exclude(source=SOURCE)
    kept = ScimUser.objects.filter(Exists(jobs), employment__in=Employment.objects.current(today))
    ids = list(kept.values_list("pk", flat=True)[:MOST_AT_ONCE])
    for pk in ids:
        _give_way(pk)
    return len(ids)


@transaction.atomic
def _give_way(pk: int) -> None:
    lock_for_transaction(LOCK)
    row = ScimUser.objects.select_related("employee", "client__unit").get(pk=pk)
    bring_in(row, told_before(row).facts, is_active=row.is_active)
    row.save(update_fields=["employment"])


def shut_released() -> int:
    """Shut the accounts that were held until a person said that this is right; return how many."""
    released = list(ScimHeld.objects.released().values_list("pk", flat=True)[:MOST_SHUT])
    for pk in released:
        _shut_released(pk)
    return len(released)


@transaction.atomic
def _shut_released(pk: int) -> None:
    lock_for_transaction(LOCK)
    held = ScimHeld.objects.filter(pk=pk).first()
    if held is None:
        return
    told = ScimUser.objects.told_by(held.client).select_related("employee", "client__unit")
    row = told.filter(employee=held.employee_id, is_active=True).first()
    if row is not None:
        shut_user(row)
    ScimHeld.objects.filter(pk=pk).delete()


rounds.add("accounts to shut for systems", shut_released)
purges.add("accounts held for systems", forget_held)
purges.add("jobs of systems that HR tells of", give_way)
purges.add("what systems told of those who left", forget_told)
