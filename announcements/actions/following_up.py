"""After sending: reminding the rest, adding those who begin, and the leader's list."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from announcements.actions.ledger import insert_receipts, prepare_emails
from announcements.models import Announcement, Receipt, Reminder
from core.errors import RefusedError, require
from directory.models import AuditEvent, Employee, Organisation
from groups.audiences import compile_audience
from notifications.actions import start_fan_out
from notifications.models import FanOut

BETWEEN_REMINDERS = datetime.timedelta(hours=24)
BETWEEN_CRITICAL_REMINDERS = datetime.timedelta(hours=1)
# More people than this at once: look at everyone instead of carrying their ids along.
MANY = 5000


def next_reminder_at(announcement: Announcement) -> datetime.datetime | None:
    """Return when the next reminder may be sent; None means now."""
    last = announcement.reminders.order_by("-sent_at").first()
    critical = announcement.level == Announcement.Level.CRITICAL
    pause = BETWEEN_CRITICAL_REMINDERS if critical else BETWEEN_REMINDERS
    if last is None or last.sent_at + pause <= timezone.now():
        return None
    return last.sent_at + pause


@transaction.atomic
def remind(*, actor: Employee, announcement: Announcement, to: str) -> Reminder:
    """Tell those who have not seen it, or not confirmed, once more; a worker does it in chunks.

    Raises RefusedError within 24 hours of the last reminder (1 hour for critical ones), when nobody asked for
    confirmation, or when the announcement is not out.
    """
    require(actor.has_perm("announcements.manage", announcement))
    announcement = Announcement.objects.select_for_update(no_key=True).get(pk=announcement.pk)
    if announcement.state != Announcement.State.PUBLISHED:
        raise RefusedError(_("Only a message that has been sent can be reminded of."), code="conflict")
    if to not in Reminder.To.values or (to == Reminder.To.UNACKNOWLEDGED and not announcement.asks_confirmation):
        raise RefusedError(_("This message does not ask for confirmation."), field="to")
    if next_reminder_at(announcement):
        raise RefusedError(_("A reminder has been sent lately. Wait a little."), code="conflict")
    count = announcement.receipts.waiting(to).count()
    reminder = Reminder.objects.create(announcement=announcement, to=to, sent_by=actor, count=count)
    start_fan_out(job="announcements.remind", key=str(reminder.pk))
    return reminder


def start_adding_newcomers(employee_ids: Collection[int]) -> FanOut:
    """Store that these people must be added to what is on top; a worker does it."""
    facts = {"employee_ids": sorted(employee_ids)} if len(employee_ids) <= MANY else {}
    return start_fan_out(job="announcements.add_newcomers", key=uuid.uuid4().hex, facts=facts)


def add_newcomers(*, employee_ids: Collection[int] | None = None) -> int:
    """Add those who now belong to the audience of what is on top, counted apart; return how many were new.

    Looks at these employees, or at everyone. Whoever has a receipt already keeps it as it is.
    """
    return sum(_add_to(one, employee_ids) for one in Announcement.objects.still_joined().select_related("audience"))


@transaction.atomic
def _add_to(announcement: Announcement, employee_ids: Collection[int] | None) -> int:
    people = compile_audience(announcement.audience)
    if employee_ids is not None:
        people = people.filter(pk__in=employee_ids)
    missing = people.exclude(pk__in=announcement.receipts.values("employee_id"))
    added = insert_receipts(announcement, missing, joined_later=True)
    if added:
        later = announcement.receipts.filter(joined_later=True)
        prepare_emails(announcement, later if employee_ids is None else later.filter(employee__in=employee_ids))
    return added


def open_team_list(*, leader: Employee, announcement: Announcement) -> list[Receipt]:
    """Return who of the leader's own people has not confirmed, and log the opening for each of them to read.

    Raises RefusedError where named confirmation is not in use in the organisation.
    """
    if not Organisation.load().may_measure:
        raise RefusedError(_("Names are not shown in this organisation."), code="conflict")
    missing = list(announcement.receipts.missing_under(leader))
    named = {"object_type": announcement._meta.label_lower, "object_id": announcement.public_id}
    AuditEvent.objects.bulk_create(
        AuditEvent(actor=leader, verb="announcements.team_list_opened", subject=receipt.employee, **named)
        for receipt in missing
    )
    return missing
