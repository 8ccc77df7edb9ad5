"""The set-based writes: receipts and messages for many people, each in one statement that is safe to repeat."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from announcements.models import Announcement, Receipt
from announcements.querysets import ReceiptQuerySet
from core.database import insert_select
from directory.models import Employee
from directory.querysets import EmployeeQuerySet
from notifications.routing import Event, Urgency, route

KIND = "announcement"
COLUMNS = ["announcement_id", "employee_id", "unit_id", "joined_later", "language"]


def insert_receipts(announcement: Announcement, people: EmployeeQuerySet, *, joined_later: bool = False) -> int:
    """Give each of `people` a receipt, with their primary unit as it is now, and return how many were new."""
    rows = people.order_by().values_list(
        Value(announcement.pk), "pk", "primary_employment__unit_id", Value(joined_later), Value("")
    )
    return insert_select(Receipt._meta.db_table, COLUMNS, rows)


def senders_of(announcement: Announcement) -> set[int]:
    """Return who wrote a critical one and who had it sent."""
    if announcement.level != Announcement.Level.CRITICAL:
        return set()
    return {pk for pk in (announcement.author_id, announcement.publish_requested_by_id) if pk}


def note_senders(announcement: Announcement) -> None:
    """Those who send what is critical have seen it: it is not brought to them, nor counted as unseen."""
    now = timezone.now()
    theirs = announcement.receipts.filter(employee__in=senders_of(announcement), seen_at__isnull=True)
    theirs.update(seen_at=now, delivered_at=Coalesce("delivered_at", now))


def urgency_of(announcement: Announcement) -> Urgency:
    """Return what the announcement may pass on its way to people."""
    if announcement.level == Announcement.Level.CRITICAL:
        return Urgency.CRITICAL
    return Urgency.URGENT if announcement.urgent_reason else Urgency.ORDINARY


def prepare_messages(announcement: Announcement, receipts: ReceiptQuerySet) -> int:
    """Store what goes out to the owners of those of `receipts` that are unseen; return how many messages are new.

    Of a critical one a text message waits besides, for whoever has not seen it by then.
    """
    event = Event(KIND, f"{KIND}:{announcement.pk}", announcement.pk, urgency=urgency_of(announcement))
    people = Employee.objects.filter(pk__in=receipts.unseen().order_by().values("employee_id"))
    stored = sum(route(event, people).values())
    if event.urgency == Urgency.CRITICAL:
        wait = datetime.timedelta(minutes=settings.SMS_AFTER_MINUTES)
        stored += sum(route(event, people, channels=["sms"], after=wait).values())
    return stored
