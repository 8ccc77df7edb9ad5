"""Telling leaders that someone starts with them, so that the first day begins with a greeting."""

from __future__ import annotations

import datetime

from django.db.models import Exists, OuterRef

from core.clock import local_today
from core.public_ids import new_public_id
from directory.models import Employment
from notifications.actions import notify, start_fan_out
from notifications.fan_out import Step, fan_out_job
from notifications.models import FanOut, Notification
from onboarding.models import Welcome

JOB = "onboarding.tell_leaders"
KIND = "new_colleague"
CHUNK = 50
# Who began longer ago has been met already.
DAYS_BACK = 3


def tell_leaders_soon() -> None:
    """Have leaders told of those who start now, once the transaction has been committed."""
    start_fan_out(job=JOB, key=new_public_id())


@fan_out_job(JOB)
def tell_leaders(fan_out: FanOut) -> Step:
    """Tell the leaders of a few new colleagues; each leader hears of each once, whatever is run twice."""
    told = Notification.objects.filter(kind=KIND, target_id=OuterRef("pk"))
    since = local_today() - datetime.timedelta(days=DAYS_BACK)
    coming = Welcome.objects.filter(~Exists(told), starts_date__gte=since, greeting="", pk__gt=fan_out.cursor)
    ids = list(coming.order_by("pk").values_list("pk", flat=True)[:CHUNK])
    for pk in ids:
        jobs = Employment.objects.filter(employee=pk, end_date=None, manager__isnull=False)
        leaders = set(jobs.values_list("manager_id", flat=True))
        notify(kind=KIND, recipients=[one for one in leaders if one], event_key=f"welcome:{pk}", target_id=pk)
    return Step(cursor=ids[-1] if ids else fan_out.cursor, done=len(ids), finished=len(ids) < CHUNK)
