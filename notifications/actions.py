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
from notifications.channels import email, sms
from notifications.kinds import kinds
from notifications.models import Delivery, FanOut, Notification, Preference


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
    despite_mutes: bool = False,
) -> int:
    """Tell the active employees with these ids (never the actor) about one event, each once whatever is run twice.

    Stores the inbox entries, wakes open pages and prepares e-mail where the kind and the person want it. Returns how
    many had not been told before. `despite_mutes` mails those as well who have turned the kind's e-mail off: for what
    is critical alone. For audiences of thousands write a fan-out job instead.
    """
    told = Notification.objects.filter(kind=kind, event_key=event_key).values("recipient")
    people = Employee.objects.active().filter(pk__in=recipients).exclude(pk__in=told)
    ids = set(people.values_list("pk", flat=True)) - ({actor.pk} if actor else set())
    entry = {"kind": kind, "event_key": event_key, "target_id": target_id, "facts": facts or {}}
    Notification.objects.bulk_create(
        [Notification(recipient_id=pk, actor=actor, bundle_key=bundle_key, **entry) for pk in sorted(ids)],
        ignore_conflicts=True,
        batch_size=1000,
    )
    _prepare_emails(kind, ids, entry, despite_mutes=despite_mutes)
    _prepare_sms(kind, ids, entry)
    live.publish_many([f"u:{pk}" for pk in ids], event="notifications")
    return len(ids)


def _prepare_emails(kind: str, ids: set[int], entry: dict[str, Any], *, despite_mutes: bool) -> None:
    after = kinds.get(kind).email_after
    if after is None or not email.is_on():
        return
    wanted = Employee.objects.filter(pk__in=ids, email__isnull=False)
    if not despite_mutes:
        muted = Preference.objects.filter(kind=kind, channel=Delivery.Channel.EMAIL, wanted=False)
        wanted = wanted.exclude(pk__in=muted.values("employee"))
    _prepare(Delivery.Channel.EMAIL, list(wanted.values_list("pk", flat=True)), after, entry)
    if not after:
        enqueue(tasks.send_due_emails)


def _prepare_sms(kind: str, ids: set[int], entry: dict[str, Any]) -> None:
    after = kinds.get(kind).sms_after
    if after is None or not sms.is_on():
        return
    people = Employee.objects.filter(pk__in=ids).exclude(private_mobile="")
    _prepare(Delivery.Channel.SMS, [person.pk for person in people if sms.number_of(person)], after, entry)


def _prepare(channel: str, ids: list[int], after: datetime.timedelta, entry: dict[str, Any]) -> None:
    due_at = timezone.now() + after
    Delivery.objects.bulk_create(
        [Delivery(recipient_id=pk, channel=channel, not_before=due_at, **entry) for pk in ids],
        ignore_conflicts=True,
        batch_size=1000,
    )


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
