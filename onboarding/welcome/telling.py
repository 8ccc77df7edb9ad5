"""Telling leaders that someone starts with them, so that the first day begins with a greeting."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.db.models import Exists, OuterRef
from django.utils import timezone

from core.clock import local_today
from core.public_ids import new_public_id
from directory.models import Employment
from notifications.actions import notify, start_fan_out
from notifications.daily import begin_each_day
from notifications.fan_out import Step, fan_out_job
from notifications.models import FanOut, Notification
from onboarding.models import Welcome

JOB = "onboarding.tell_leaders"
KIND = "new_colleague"
REMINDER = "greeting_wanted"
CHUNK = 50
# Who began longer ago has been met already.
DAYS_BACK = 3
# Nobody is reminded on the day they were told.
HOURS_BETWEEN = 20
# Whoever wanted no line about them wants none when they come back.
KEPT = {"unannounced_at"}


def welcome_back(returned: Sequence[tuple[int, datetime.date]]) -> None:
    """Let those who come back (id, first day) have their first weeks once more: nothing of the former ones stands."""
    if not returned:
        return
    Notification.objects.filter(kind__in=[KIND, REMINDER], target_id__in=[pk for pk, _date in returned]).delete()
    rows = [Welcome(employee_id=pk, starts_date=date, is_return=True) for pk, date in returned]
    fields = [field.name for field in Welcome._meta.concrete_fields if field.name not in {"employee", *KEPT}]
    Welcome.objects.bulk_create(
        rows, batch_size=2000, update_conflicts=True, unique_fields=["employee"], update_fields=fields
    )


def remind_leaders() -> int:
    """Remind leaders, once, of those who begin within two days and whom nobody has greeted; return of how many."""
    told = Notification.objects.filter(
        kind=KIND, target_id=OuterRef("pk"), created_at__lt=timezone.now() - datetime.timedelta(hours=HOURS_BETWEEN)
    )
    waiting = list(Welcome.objects.ungreeted().filter(Exists(told)).values_list("pk", flat=True))
    for pk in waiting:
        if Welcome.objects.filter(pk=pk, reminded_at=None).update(reminded_at=timezone.now()):
            notify(kind=REMINDER, recipients=_leaders_of(pk), event_key=f"greeting:{pk}", target_id=pk)
    return len(waiting)


def _leaders_of(employee_id: int) -> list[int]:
    jobs = Employment.objects.unended().filter(employee=employee_id).with_nearest_leader()
    return sorted({one for one in jobs.values_list("nearest_leader_id", flat=True) if one})


def tell_leaders_soon() -> None:
    """Have leaders told of those who start now, once the transaction has been committed."""
    start_fan_out(job=JOB, key=new_public_id())


@fan_out_job(JOB)
def tell_leaders(fan_out: FanOut) -> Step:
    """Tell the leaders of a few new colleagues; each leader hears of each once, whatever is run twice."""
    if fan_out.cursor == 0:
        remind_leaders()
    told = Notification.objects.filter(kind=KIND, target_id=OuterRef("pk"))
    since = local_today() - datetime.timedelta(days=DAYS_BACK)
    coming = Welcome.objects.filter(~Exists(told), starts_date__gte=since, greeting="", pk__gt=fan_out.cursor)
    ids = list(coming.order_by("pk").values_list("pk", flat=True)[:CHUNK])
    for pk in ids:
        notify(kind=KIND, recipients=_leaders_of(pk), event_key=f"welcome:{pk}", target_id=pk)
    return Step(cursor=ids[-1] if ids else fan_out.cursor, done=len(ids), finished=len(ids) < CHUNK)


# Leaders whom nobody was known to be before are told, and reminded of those who begin now.
begin_each_day("greetings of the day", JOB)
