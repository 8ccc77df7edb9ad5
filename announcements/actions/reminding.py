"""Telling those who are left once more: when somebody asks for it, or by itself where the author chose so."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from announcements.models import Announcement, Reminder
from core.errors import RefusedError, require
from directory.actions import record_audit_event
from directory.models import Employee
from notifications.actions import start_fan_out

BETWEEN_REMINDERS = datetime.timedelta(hours=24)
BETWEEN_CRITICAL_REMINDERS = datetime.timedelta(hours=1)


def pause_between(announcement: Announcement) -> datetime.timedelta:
    """Return how long it must be quiet between two reminders, whichever kind, and between two requests to leaders."""
    critical = announcement.level == Announcement.Level.CRITICAL
    return BETWEEN_CRITICAL_REMINDERS if critical else BETWEEN_REMINDERS


def next_reminder_at(announcement: Announcement) -> datetime.datetime | None:
    """Return when the next reminder of any kind may be sent; None means now."""
    last = announcement.reminders.order_by("-sent_at").first()
    return pause_ends(announcement, last.sent_at if last else None)


def pause_ends(announcement: Announcement, last_at: datetime.datetime | None) -> datetime.datetime | None:
    """Return when the pause after `last_at` ends; None when it has ended or nothing was sent."""
    ends = last_at + pause_between(announcement) if last_at else None
    return ends if ends and ends > timezone.now() else None


@transaction.atomic
def remind(*, actor: Employee, announcement: Announcement, to: str) -> Reminder:
    """Tell those who have not seen it, or not confirmed, once more; a worker does it in chunks.

    Raises RefusedError within 24 hours of the last reminder of either kind (1 hour for critical ones), when nobody
    asked for confirmation, or when the announcement is not out or an update has taken its place.
    """
    require(actor.has_perm("announcements.manage", announcement))
    announcement = Announcement.objects.select_for_update(no_key=True).get(pk=announcement.pk)
    require_out(announcement)
    if to not in Reminder.To.values or (to == Reminder.To.UNACKNOWLEDGED and not announcement.asks_confirmation):
        raise RefusedError(_("This message does not ask for confirmation."), field="to")
    if next_reminder_at(announcement):
        raise RefusedError(_("A reminder has been sent lately. Wait a little."), code="conflict")
    reminder = _send(announcement, to, actor)
    record_audit_event(actor=actor, verb="announcements.reminded", obj=announcement, facts={"to": to})
    return reminder


def require_out(announcement: Announcement) -> None:
    """Raise RefusedError unless it has been sent, holds, and its receipts are still kept."""
    if announcement.state != Announcement.State.PUBLISHED:
        raise RefusedError(_("Only a message that has been sent can be reminded of."), code="conflict")
    if announcement.superseded_by_id is not None:
        raise RefusedError(_("An update has taken this message's place. Remind of that one."), code="conflict")
    if announcement.figures_final_at is not None:
        raise RefusedError(_("It is no longer kept who has read this message."), code="conflict")


def start_automatic_reminder(announcement: Announcement) -> None:
    """Store that those left are reminded when the hours its author chose have passed. Part of the freeze."""
    if announcement.reminds_after_hours and announcement.published_at:
        after = datetime.timedelta(hours=announcement.reminds_after_hours)
        _remind_later(announcement, announcement.published_at + after)


@transaction.atomic
def remind_by_itself(*, announcement_id: int) -> Reminder | None:
    """Remind those left, once, unless the announcement no longer stands on top; after the pause if one holds.

    Returns the reminder, or None when none was sent now.
    """
    announcement = Announcement.objects.select_for_update(no_key=True).filter(pk=announcement_id).first()
    if announcement is None or announcement.state != Announcement.State.PUBLISHED or not announcement.is_on_top:
        return None
    if wait_until := next_reminder_at(announcement):
        _remind_later(announcement, wait_until)
        return None
    to = Reminder.To.UNACKNOWLEDGED if announcement.asks_confirmation else Reminder.To.UNSEEN
    return _send(announcement, to, None) if announcement.receipts.waiting(to).exists() else None


def _remind_later(announcement: Announcement, at: datetime.datetime) -> None:
    # It is put off only when another reminder has been sent since, so this names each time of its own.
    key = f"{announcement.pk}:{announcement.reminders.count()}"
    start_fan_out(job="announcements.remind_by_itself", key=key, not_before=at)


def _send(announcement: Announcement, to: str, sender: Employee | None) -> Reminder:
    count = announcement.receipts.waiting(to).count()
    reminder = Reminder.objects.create(announcement=announcement, to=to, sent_by=sender, count=count)
    start_fan_out(job="announcements.remind", key=str(reminder.pk))
    return reminder
