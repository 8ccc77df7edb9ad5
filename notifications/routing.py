"""The one door from an event to the roads besides the inbox: who gets it on which, and when.

What a kind offers, what each person has chosen, what they hear from the place, whether they are away or gather things
in a summary, and when it is quiet for them, all in one statement for each road, for one recipient or for 50,000.
"""

from __future__ import annotations

import datetime
import enum
from collections.abc import Collection
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, Case, DateTimeField, Exists, JSONField, OuterRef, QuerySet, Value, When
from django.utils import timezone

from core.database import insert_select
from core.queues import enqueue
from directory.models import Employee
from directory.querysets import EmployeeQuerySet
from notifications import quiet, tasks
from notifications.channels import email, push, sms
from notifications.channels.numbers import stored_number
from notifications.kinds import NotificationKind, kinds
from notifications.models import Delivery, PushSubscription
from notifications.preferring import listening

Channel = Delivery.Channel
AT_ONCE = datetime.timedelta(0)
_IS_ON = {Channel.EMAIL: email.is_on, Channel.PUSH: push.is_on, Channel.SMS: sms.is_on}
_HURRY = {Channel.EMAIL: tasks.send_due_emails, Channel.PUSH: tasks.send_due_pushes}


class Urgency(enum.IntEnum):
    """What an event may pass on its way to a person."""

    ORDINARY = 0
    # Quiet hours: a leader says why.
    URGENT = 1
    # Quiet hours, pauses, summaries and what the person has turned off.
    CRITICAL = 2


class Event(NamedTuple):
    """What has happened, as deliveries keep it; `places` is where, by the names of `PlaceLevel`."""

    kind: str
    key: str
    target_id: int | None = None
    facts: dict[str, Any] | None = None
    places: Collection[str] = ()
    urgency: Urgency = Urgency.ORDINARY
    actor_id: int | None = None

    @property
    def priority(self) -> int:
        """What goes before it when more is due than can go at once."""
        if self.urgency == Urgency.CRITICAL:
            return Delivery.Priority.CRITICAL
        return Delivery.Priority.ESSENTIAL if kinds.get(self.kind).is_essential else Delivery.Priority.ORDINARY


def route(
    event: Event,
    recipients: QuerySet[Employee] | Collection[int],
    *,
    channels: Collection[str] | None = None,
    after: datetime.timedelta | None = None,
) -> dict[str, int]:
    """Store a delivery for each active recipient and road that is to carry `event`; return how many are new, by road.

    Safe to repeat: who has one of this event on a road gets no second. `channels` keeps to some roads, `after` replaces
    how long the kind waits. Call it in the transaction of what causes it.
    """
    people = Employee.objects.active().filter(pk__in=recipients)
    kind = kinds.get(event.kind)
    roads = [road for road in channels or Channel.values if _IS_ON[Channel(road)]()]
    waits = {road: _wait_of(kind, road) if after is None else after for road in roads}
    return {road: _store(event, people, road, wait) for road, wait in waits.items() if wait is not None}


def _wait_of(kind: NotificationKind[Any], channel: str) -> datetime.timedelta | None:
    wait: datetime.timedelta | None = getattr(kind, f"{channel}_after")
    return wait


def reached(people: EmployeeQuerySet, event: Event, channel: str) -> EmployeeQuerySet:
    """Return those of `people` whom `channel` brings `event` to."""
    people = _reachable(people, event, channel)
    if event.priority < Delivery.Priority.ORDINARY:
        return people
    return listening(people, event.kind, channel, event.places)


def _reachable(people: EmployeeQuerySet, event: Event, channel: str) -> EmployeeQuerySet:
    if channel == Channel.EMAIL:
        return people.filter(email__isnull=False).exclude(email="")
    if channel == Channel.PUSH:
        return people.filter(pk__in=PushSubscription.objects.live().values("employee_id"))
    # In a crisis the telephone one has for one's work will do; what is one's own goes to one's own.
    also_at_work = event.urgency == Urgency.CRITICAL
    return people.alias(number=stored_number(also_at_work=also_at_work)).exclude(number="")


def _store(event: Event, people: EmployeeQuerySet, channel: str, wait: datetime.timedelta) -> int:
    now, kind = timezone.now(), kinds.get(event.kind)
    told = reached(people, event, channel)
    is_urgent = event.urgency >= Urgency.URGENT or kind.is_essential
    ready_at = (
        Value(now + wait, DateTimeField()) if event.urgency == Urgency.CRITICAL else _ready_at(event, channel, wait)
    )
    stored = {
        "channel": channel,
        "kind": event.kind,
        "event_key": event.key,
        "is_urgent": is_urgent,
        "priority": event.priority,
        "state": Delivery.State.WAITING.value,
        "attempts": 0,
        "last_error": "",
        "created_at": now,
    }
    rows = told.order_by().values_list(
        "pk",
        Value(event.facts or {}, JSONField()),
        Value(event.target_id, BigIntegerField()),
        Value(event.actor_id, BigIntegerField()),
        Value(list(event.places) or None, Delivery._meta.get_field("places")),
        ready_at if is_urgent else quiet.quiet_until(ready_at),
        *(Value(value) for value in stored.values()),
    )
    columns = ["recipient_id", "facts", "target_id", "actor_id", "places", "not_before", *stored]
    count = insert_select(Delivery._meta.db_table, columns, rows)
    if count and wait == AT_ONCE and channel in _HURRY:
        enqueue(_HURRY[Channel(channel)])
    return count


def _ready_at(event: Event, channel: str, wait: datetime.timedelta) -> Any:
    """Return when it is ready; an e-mail later for those who have it on a device as well, where the kind says so."""
    now, later = timezone.now(), kinds.get(event.kind).email_after_push
    ready_at = Value(now + wait, DateTimeField())
    if channel != Channel.EMAIL or later is None or not push.is_on():
        return ready_at
    on_device = reached(Employee.objects.all(), event, Channel.PUSH)
    has_device = Exists(on_device.filter(pk=OuterRef("pk")))
    return Case(When(has_device, then=Value(now + later)), default=ready_at, output_field=DateTimeField())
