"""Every write of the notifications engine."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.queues import enqueue
from directory.models import Employee
from notifications import live, tasks
from notifications.kinds import kinds
from notifications.models import FanOut, Notification, Preference
from notifications.preferring import wanting
from notifications.routing import Event, Urgency, route


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
    recipients: Collection[int],
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
    it happened, by the names of `PlaceLevel`. Returns how many had not been told before. For audiences of thousands
    write a fan-out job instead.
    """
    told = Notification.objects.filter(kind=kind, event_key=event_key).values("recipient")
    people = Employee.objects.active().filter(pk__in=recipients).exclude(pk__in=told)
    ids = set(people.values_list("pk", flat=True)) - ({actor.pk} if actor else set())
    entry = {"kind": kind, "event_key": event_key, "target_id": target_id, "facts": facts or {}}
    kept = _who_keep(kind, ids) if urgency < Urgency.CRITICAL else ids
    Notification.objects.bulk_create(
        [Notification(recipient_id=pk, actor=actor, bundle_key=bundle_key, **entry) for pk in sorted(kept)],
        ignore_conflicts=True,
        batch_size=1000,
    )
    route(Event(kind, event_key, target_id, facts, places, urgency), ids)
    data = {"spread": live.spread_over(len(ids), critical=urgency == Urgency.CRITICAL)}
    live.publish_many([f"u:{pk}" for pk in kept], event="notifications", data=data)
    return len(ids)


def _who_keep(kind: str, ids: set[int]) -> set[int]:
    """Leave out who wants nothing of this kind in the inbox; most kinds cannot be kept out."""
    if not kinds.get(kind).may_leave_inbox:
        return ids
    wanted = wanting(Employee.objects.filter(pk__in=ids), kind, Preference.Channel.INBOX)
    return set(wanted.values_list("pk", flat=True))


def mark_read(*, reader: Employee, notification: Notification) -> None:
    """Mark the entry, and those bundled with it, as read by its recipient."""
    same = Notification.objects.visible_to(reader).unread()
    if notification.bundle_key:
        same = same.filter(kind=notification.kind, bundle_key=notification.bundle_key)
    else:
        same = same.filter(pk=notification.pk)
    if same.update(read_at=timezone.now()):
        live.publish(channel=f"u:{reader.pk}", event="notifications")


def mark_all_read(*, reader: Employee) -> int:
    """Mark everything in the person's inbox as read and return how many entries that were."""
    count = Notification.objects.visible_to(reader).unread().update(read_at=timezone.now())
    live.publish(channel=f"u:{reader.pk}", event="notifications")
    return count
