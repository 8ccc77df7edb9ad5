"""What workers do for thousands: freeze the audience, tell people in chunks, remind, add those who begin.

The freeze is one statement in one snapshot; everything after it is read from the ledger, so that whatever dies or
runs twice, the receipts are the same and nobody is told twice.
"""

from __future__ import annotations

import time
from typing import Any

from django.utils import timezone

from announcements.actions import add_newcomers, begin_scheduled, set_former_confirmations_aside
from announcements.actions.correcting import CORRECTED_KIND
from announcements.actions.ledger import insert_receipts, note_senders, prepare_messages, urgency_of
from announcements.actions.reading import REMINDER_KIND
from announcements.actions.reminding import start_automatic_reminder
from announcements.actions.scheduling import BEGIN_JOB
from announcements.actions.updating import take_former_place
from announcements.models import Announcement, Reminder
from announcements.querysets import ReceiptQuerySet
from groups.audiences import compile_audience
from notifications import live
from notifications.actions import notify
from notifications.fan_out import Step, fan_out_job
from notifications.models import FanOut
from notifications.sweeping import rounds

CHUNK = 2000
NEWCOMERS_EVERY_SECONDS = 600.0
State = Announcement.State


@fan_out_job("announcements.deliver")
def deliver(fan_out: FanOut) -> Step:
    """Freeze the audience, then tell the next chunk of it; stop where the announcement has been withdrawn."""
    found = Announcement.objects.with_reach().select_for_update(of=("self",), no_key=True)
    announcement = found.filter(pk=int(fan_out.key)).first()
    if announcement is None or announcement.state not in (State.SENDING, State.PUBLISHED):
        return Step(cursor=fan_out.cursor, done=0, finished=True)
    if announcement.published_at is None:
        return _freeze(announcement, fan_out)
    return _tell_next(announcement, fan_out)


def _freeze(announcement: Announcement, fan_out: FanOut) -> Step:
    announcement.published_at = timezone.now()
    announcement.state = State.PUBLISHED
    announcement.save(update_fields=["published_at", "state"])
    take_former_place(announcement)
    start_automatic_reminder(announcement)
    fan_out.total_count = insert_receipts(announcement, compile_audience(announcement.audience))
    note_senders(announcement)
    if announcement.to_everyone:
        live.publish(channel="all", event="announcement", data=_event(announcement, fan_out.total_count))
    return Step(cursor=0, done=0, finished=False)


def _tell_next(announcement: Announcement, fan_out: FanOut) -> Step:
    ids, chunk = _next_chunk(announcement.receipts.all(), fan_out.cursor)
    if not ids:
        return Step(cursor=fan_out.cursor, done=0, finished=True)
    prepare_messages(announcement, chunk)
    if not announcement.to_everyone:
        data = _event(announcement, fan_out.total_count or 0)
        live.publish_many([f"u:{pk}" for pk in ids], event="announcement", data=data)
    return Step(cursor=ids[-1], done=len(ids), finished=len(ids) < CHUNK)


def _next_chunk(receipts: ReceiptQuerySet, after: int) -> tuple[list[int], ReceiptQuerySet]:
    """Return the next employees of the ledger by id, and their receipts."""
    later = receipts.filter(employee_id__gt=after).order_by("employee_id")
    ids = list(later.values_list("employee_id", flat=True)[:CHUNK])
    return ids, receipts.filter(employee_id__gt=after, employee_id__lte=ids[-1] if ids else after)


def _event(announcement: Announcement, count: int) -> dict[str, object]:
    spread = live.spread_over(count, critical=announcement.is_critical)
    return {"id": announcement.public_id, "spread": spread}


@fan_out_job(BEGIN_JOB)
def begin(fan_out: FanOut) -> Step:
    """Begin to send what was scheduled for this moment."""
    return Step(cursor=0, done=int(begin_scheduled(fan_out.key)), finished=True)


@fan_out_job("announcements.remind")
def remind_next(fan_out: FanOut) -> Step:
    """Tell the next chunk of those who had not seen, or not confirmed, when their turn came."""
    reminder = Reminder.objects.select_related("announcement").filter(pk=int(fan_out.key)).first()
    if reminder is None or reminder.announcement.state != State.PUBLISHED:
        return Step(cursor=fan_out.cursor, done=0, finished=True)
    fan_out.total_count = reminder.count
    announcement = reminder.announcement
    ids, _chunk = _next_chunk(announcement.receipts.waiting(reminder.to), fan_out.cursor)
    key = f"reminder:{reminder.pk}"
    told: dict[str, Any] = {
        "recipients": ids,
        "event_key": key,
        "target_id": announcement.pk,
        "facts": {"to": reminder.to},
    }
    notify(kind=REMINDER_KIND, **told, urgency=urgency_of(announcement))
    return Step(cursor=ids[-1] if ids else fan_out.cursor, done=len(ids), finished=len(ids) < CHUNK)


@fan_out_job("announcements.ask_again")
def ask_again(fan_out: FanOut) -> Step:
    """Set the confirmations of former wordings aside, in one transaction."""
    announcement, revision = _corrected(fan_out)
    done = set_former_confirmations_aside(announcement=announcement, revision=revision) if announcement else 0
    return Step(cursor=0, done=done, finished=True)


@fan_out_job("announcements.tell_corrected")
def tell_corrected(fan_out: FanOut) -> Step:
    """Tell the next chunk of those it was sent to that it has been corrected."""
    announcement, _revision = _corrected(fan_out)
    if announcement is None:
        return Step(cursor=fan_out.cursor, done=0, finished=True)
    ids, _chunk = _next_chunk(announcement.receipts.active(), fan_out.cursor)
    told: dict[str, Any] = {"recipients": ids, "event_key": f"correction:{fan_out.key}", "target_id": announcement.pk}
    notify(kind=CORRECTED_KIND, **told, urgency=urgency_of(announcement))
    return Step(cursor=ids[-1] if ids else fan_out.cursor, done=len(ids), finished=len(ids) < CHUNK)


def _corrected(fan_out: FanOut) -> tuple[Announcement | None, int]:
    """Return the announcement that was corrected, unless it has been taken back since, and the new revision."""
    pk, revision = fan_out.key.split(":")
    return Announcement.objects.filter(pk=pk, state=State.PUBLISHED).first(), int(revision)


@fan_out_job("announcements.add_newcomers")
def add_those_who_begin(fan_out: FanOut) -> Step:
    """Add people whose facts have changed to what is on top."""
    added = add_newcomers(employee_ids=fan_out.facts.get("employee_ids"))
    return Step(cursor=0, done=added, finished=True)


class _NewcomersRound:
    """Looks at everyone now and then, should a change have been missed."""

    def __init__(self) -> None:
        self._looked_at = time.monotonic()

    def __call__(self) -> int:
        if time.monotonic() - self._looked_at < NEWCOMERS_EVERY_SECONDS:
            return 0
        self._looked_at = time.monotonic()
        return add_newcomers()


rounds.add("announcements: newcomers", _NewcomersRound())
