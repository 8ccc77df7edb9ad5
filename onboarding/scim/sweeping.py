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
from notifications.sweeping import purges
from onboarding.models import ScimUser
from onboarding.reconcile import LOCK
from onboarding.scim.people import SOURCE, bring_in
from onboarding.scim.storage import told_before

MOST_AT_ONCE = 1_000


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


purges.add("jobs of systems that HR tells of", give_way)
purges.add("what systems told of those who left", forget_told)
