"""Once a day: reminding those who have something due, and telling the leader before the first day what is missing."""

from __future__ import annotations

import datetime
from typing import Any

from core.clock import local_today
from notifications.actions import notify
from notifications.daily import begin_each_day
from notifications.fan_out import Step, fan_out_job
from notifications.models import FanOut
from onboarding.arrivals import telling
from onboarding.arrivals.connecting import follow_first_days
from onboarding.models import Arrival, ArrivalTask

JOB = "onboarding.remind_of_arrivals"
CHUNK = 100
# Before people are at work nobody is reminded.
AT = datetime.time(7)
# The leader is told so many days before the first day, over a weekend too.
DAYS_BEFORE_FIRST = 3
# What is due today is too late to be reminded of: the day before is.
DAYS_BEFORE_DUE = 1
# After that it is the leader's to ask.
DAYS_LATE = 14


@fan_out_job(JOB)
def remind(fan_out: FanOut) -> Step:
    """Remind of a few tasks; with the first of the day, leaders are told and first days follow HR's."""
    if fan_out.cursor == 0:
        follow_first_days()
        _tell_leaders()
    tasks = list(due_tasks().filter(pk__gt=fan_out.cursor).order_by("pk")[:CHUNK])
    for task in tasks:
        _remind_of(task)
    return Step(cursor=tasks[-1].pk if tasks else fan_out.cursor, done=len(tasks), finished=len(tasks) < CHUNK)


def due_tasks() -> Any:
    """Return what somebody is reminded of today: due tomorrow, or late since yesterday."""
    today = local_today()
    late_since = today - datetime.timedelta(days=DAYS_LATE)
    due = (late_since, today + datetime.timedelta(days=DAYS_BEFORE_DUE))
    return ArrivalTask.objects.live().filter(settled_at=None, due_date__range=due).with_arrival()


def _remind_of(task: ArrivalTask) -> None:
    """Each is reminded once before the day, and once when it has passed."""
    which = "late" if task.is_late else "due"
    recipients = {task.assignee_id} if task.assignee_id else telling.people_at([task.desk_id] if task.desk_id else [])
    key = f"task:{task.pk}:{task.due_date}:{which}"
    notify(kind="arrival_reminder", recipients=recipients, event_key=key, target_id=task.pk)


def _tell_leaders() -> None:
    today = local_today()
    soon = (today, today + datetime.timedelta(days=DAYS_BEFORE_FIRST))
    waiting = Arrival.objects.live().filter(ready_at=None, starts_date__range=soon, leader__isnull=False)
    for arrival in waiting.filter(tasks__settled_at=None, tasks__days_before__gte=0).distinct():
        key = f"arrival:{arrival.pk}:{arrival.starts_date}"
        leader = {arrival.leader_id} if arrival.leader_id else set()
        notify(kind="arrival_not_ready", recipients=leader, event_key=key, target_id=arrival.pk)


begin_each_day("reminders of what is made ready", JOB, at=AT)
