"""The set-based writes: receipts and e-mail for many people, each in one statement that is safe to repeat."""

from __future__ import annotations

from django.db.models import JSONField, Value
from django.utils import timezone

from announcements.models import Announcement, Receipt
from announcements.querysets import ReceiptQuerySet
from core.database import insert_select
from core.queues import enqueue
from directory.querysets import EmployeeQuerySet
from notifications import tasks
from notifications.channels import email
from notifications.models import Delivery, Preference

KIND = "announcement"
COLUMNS = ["announcement_id", "employee_id", "unit_id", "joined_later", "language"]


def insert_receipts(announcement: Announcement, people: EmployeeQuerySet, *, joined_later: bool = False) -> int:
    """Give each of `people` a receipt, with their primary unit as it is now, and return how many were new."""
    rows = people.order_by().values_list(
        Value(announcement.pk), "pk", "primary_employment__unit_id", Value(joined_later), Value("")
    )
    return insert_select(Receipt._meta.db_table, COLUMNS, rows)


def prepare_emails(announcement: Announcement, receipts: ReceiptQuerySet) -> int:
    """Store an e-mail for each unseen one of `receipts` whose owner takes e-mail; return how many were new.

    A critical one goes to those who have muted announcements as well.
    """
    if not email.is_on():
        return 0
    not_wanted = Preference.objects.filter(kind=KIND, channel=Delivery.Channel.EMAIL, wanted=False)
    told = receipts.unseen().filter(employee__email__isnull=False)
    if announcement.level != Announcement.Level.CRITICAL:
        told = told.exclude(employee__in=not_wanted.values("employee"))
    now = timezone.now()
    values = {
        "channel": Delivery.Channel.EMAIL.value,
        "kind": KIND,
        "event_key": f"{KIND}:{announcement.pk}",
        "target_id": announcement.pk,
        "state": Delivery.State.WAITING.value,
        "attempts": 0,
        "last_error": "",
        "not_before": now,
        "created_at": now,
    }
    rows = told.order_by().values_list(
        "employee_id", Value({}, output_field=JSONField()), *(Value(value) for value in values.values())
    )
    stored = insert_select(Delivery._meta.db_table, ["recipient_id", "facts", *values], rows)
    if stored:
        enqueue(tasks.send_due_emails)
    return stored
