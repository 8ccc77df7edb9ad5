"""Every write of the notifications engine."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import BigIntegerField, Exists, JSONField, OuterRef, QuerySet, Value
from django.utils import timezone

from core.database import insert_select_returning
from core.public_ids import NewPublicId
from core.queues import enqueue
from directory.models import Employee
from directory.querysets import EmployeeQuerySet
from notifications import live, tasks
from notifications.kinds import kinds
from notifications.models import Delivery, FanOut, Notification, Preference
from notifications.preferring import wanting
from notifications.routing import Event, Urgency, route

# Why a message was not sent.
SEEN = "seen in its place"


def start_fan_out(
    *, job: str, key: str, facts: dict[str, Any] | None = None, not_before: datetime.datetime | None = None
) -> FanOut:
    """Store that `job` must be done for `key` and hurry a worker. Doing so twice stores it once.

    Call it in the transaction of what causes it: then both are stored or neither.
    """
    fan_out, created = FanOut.objects.get_or_create(
        job=job, key=key, defaults={"facts": facts or {}, "not_before": not_before or timezone.now()}
    )
    if created and fan_out.not_before <= timezone.now():
        enqueue(tasks.run_fan_out, fan_out.pk)
    return fan_out


@transaction.atomic
def notify(
    *,
    kind: str,
    recipients: QuerySet[Employee] | Collection[int],
    event_key: str,
    actor: Employee | None = None,
    target_id: int | None = None,
    bundle_key: str = "",
    facts: dict[str, Any] | None = None,
    places: Collection[str] = (),
    urgency: Urgency = Urgency.ORDINARY,
) -> int:
    """Tell the active employees with these ids (never the actor) about one event, each once whatever is run twice.

    Stores the inbox entries, wakes open pages and hands the event to `routing` for the other roads. `places` is where
    it happened, by the names of `PlaceLevel`. Returns how many have a new entry. As many statements for 50,000 people
    as for one; what a worker tells in chunks, so that it may be stopped anywhere, is a fan-out job.
    """
    people = Employee.objects.active().filter(pk__in=recipients)
    if actor is not None:
        people = people.exclude(pk=actor.pk)
    event = Event(kind, event_key, target_id, facts, places, urgency, actor.pk if actor else None)
    told = Notification.objects.filter(recipient=OuterRef("pk"), kind=kind, event_key=event_key)
    fresh = people.filter(~Exists(told))
    route(event, fresh)
    ids = _store_entries(event, _who_keep(event, fresh), actor, bundle_key)
    data = {"spread": live.spread_over(len(ids), critical=urgency == Urgency.CRITICAL)}
    live.publish_many([f"u:{pk}" for pk in ids], event="notifications", data=data)
    return len(ids)


def _who_keep(event: Event, people: EmployeeQuerySet) -> EmployeeQuerySet:
    """Leave out who wants nothing of this kind in the inbox; most kinds, and what is critical, cannot be kept out."""
    if event.urgency >= Urgency.CRITICAL or not kinds.get(event.kind).may_leave_inbox:
        return people
    return wanting(people, event.kind, Preference.Channel.INBOX)


def _store_entries(event: Event, people: EmployeeQuerySet, actor: Employee | None, bundle_key: str) -> list[int]:
    """Store an entry in the inbox of each of `people` in one statement; return who they are."""
    stored = {
        "public_id": NewPublicId(),
        "kind": Value(event.kind),
        "event_key": Value(event.key),
        "bundle_key": Value(bundle_key),
        "actor_id": Value(actor.pk if actor else None, BigIntegerField()),
        "target_id": Value(event.target_id, BigIntegerField()),
        "facts": Value(event.facts or {}, JSONField()),
        "created_at": Value(timezone.now()),
    }
    rows = people.order_by("pk").values_list("pk", *stored.values())
    table, columns = Notification._meta.db_table, ["recipient_id", *stored]
    once = '("recipient_id", "kind", "event_key") DO NOTHING'
    return insert_select_returning(table, columns, rows, "recipient_id", conflict=once)


def take_back(*, kind: str, event_key: str, recipients: Collection[int]) -> int:
    """Take an event that holds no more out of these people's inboxes; return how many had it there.

    Its kind says, as ever, that what waits on other roads is not due.
    """
    entries = Notification.objects.filter(kind=kind, event_key=event_key, recipient__in=recipients)
    told = list(entries.values_list("recipient_id", flat=True))
    if told:
        entries.delete()
        live.publish_many([f"u:{pk}" for pk in told], event="notifications")
    return len(told)


def stop_what_waits(*, reader: Employee, place: str) -> None:
    """Send nothing more of what has happened at `place`, by the name of `PlaceLevel`: the person is reading there."""
    waiting = Delivery.objects.filter(recipient=reader, state=Delivery.State.WAITING, places__contains=[place])
    waiting.update(state=Delivery.State.SKIPPED, last_error=SEEN)


def mark_read(*, reader: Employee, notification: Notification) -> None:
    """Mark the entry, and those bundled with it, as read by its recipient."""
    same = Notification.objects.visible_to(reader).unread()
    if notification.bundle_key:
        same = same.filter(kind=notification.kind, bundle_key=notification.bundle_key)
    else:
        same = same.filter(pk=notification.pk)
    if same.update(read_at=timezone.now()):
        live.publish(channel=f"u:{reader.pk}", event="notifications")


def mark_all_read(*, reader: Employee, until: datetime.datetime | None = None) -> int:
    """Mark everything in the person's inbox as read and return how many entries that were.

    Only what was there at the moment `until`, where one is given: what has come since has been seen by nobody.
    """
    unread = Notification.objects.visible_to(reader).unread()
    if until:
        unread = unread.filter(created_at__lte=until)
    count = unread.update(read_at=timezone.now())
    live.publish(channel=f"u:{reader.pk}", event="notifications")
    return count
