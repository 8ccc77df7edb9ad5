"""Sending: what is stored from the button on, beside raw statements that store the same rows in emptied tables."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.test import override_settings
from django.urls import reverse

from announcements.benchmarks.stage import Stage, empty_ledger, new_draft, press_the_button
from announcements.fan_outs import deliver
from announcements.models import Announcement, Receipt
from directory.models import OrgUnit
from notifications.fan_out import run_fan_out
from notifications.models import FanOut

# The same rows, written by hand, with nothing of the product around them.
RAW_RECEIPTS = """
INSERT INTO announcements_receipt (announcement_id, employee_id, unit_id, joined_later, language)
SELECT %s, employee.id, job.unit_id, false, ''
FROM directory_employee employee LEFT JOIN directory_employment job ON job.id = employee.primary_employment_id
WHERE employee.is_active AND employee.kind = 'person'
"""
RAW_EMAILS = """
INSERT INTO notifications_delivery (recipient_id, facts, channel, kind, event_key, target_id, state, attempts,
                                    last_error, not_before, created_at)
SELECT employee_id, '{}', 'email', 'announcement', 'announcement:' || announcement_id, announcement_id, 'waiting', 0,
       '', now(), now()
FROM announcements_receipt receipt JOIN directory_employee employee ON employee.id = receipt.employee_id
WHERE announcement_id = %s AND employee.email IS NOT NULL
"""


def timed_on_empty_ledger(work: Callable[[Announcement], Any], draft: Announcement) -> float:
    """Return the seconds `work` takes where nothing has been stored before."""
    empty_ledger()
    began = time.perf_counter()
    work(draft)
    return time.perf_counter() - began


def store_receipts(stage: Stage) -> float:
    """From the button to the last receipt, through the product's own code."""

    def work(draft: Announcement) -> None:
        fan_out = press_the_button(stage.writer, draft)
        with transaction.atomic():
            deliver(fan_out)

    return timed_on_empty_ledger(work, new_draft(stage.writer))


def tell_everyone(stage: Stage) -> float:
    """From the button to the last receipt and every channel queued; e-mail is off."""
    return _tell(stage, new_draft(stage.writer))


def tell_everyone_by_email(stage: Stage) -> float:
    """The same with an e-mail queued for everyone who has an address."""
    with override_settings(EMAIL_HOST="127.0.0.1"):
        return _tell(stage, new_draft(stage.writer))


def tell_each_by_email(stage: Stage) -> float:
    """The same to everyone but the smallest section, so that each open page is woken by a signal of its own."""
    section = OrgUnit.objects.filter(kind=OrgUnit.Kind.SECTION).order_by("-pk")[0]
    with override_settings(EMAIL_HOST="127.0.0.1"):
        return _tell(stage, new_draft(stage.writer, without=section))


def _tell(stage: Stage, draft: Announcement) -> float:
    return timed_on_empty_ledger(lambda draft: run_fan_out(press_the_button(stage.writer, draft).pk), draft)


def store_raw(stage: Stage) -> float:
    """The same rows by one statement, in the same table."""
    return timed_on_empty_ledger(lambda draft: _execute(draft, RAW_RECEIPTS), new_draft(stage.writer))


def store_raw_with_emails(stage: Stage) -> float:
    """The same rows by one statement a table, receipts and deliveries."""
    return timed_on_empty_ledger(lambda draft: _execute(draft, RAW_RECEIPTS, RAW_EMAILS), new_draft(stage.writer))


def _execute(draft: Announcement, *statements: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, [draft.pk])


def cost_of_telling(stage: Stage) -> tuple[float, int]:
    """From the button to the last receipt and every channel queued, and for how many."""
    seconds = tell_everyone_by_email(stage)
    return seconds, Receipt.objects.count()


def send_request(stage: Stage) -> float:
    """The publishing request itself; in seconds."""
    empty_ledger()
    draft = new_draft(stage.writer)
    address = reverse("publish_announcement", args=[draft.public_id])
    began = time.perf_counter()
    answer = stage.client.post(address, {"when": "now"})
    seconds = time.perf_counter() - began
    assert answer.status_code == 302
    assert FanOut.objects.filter(job="announcements.deliver", key=str(draft.pk)).exists(), "nothing was published"
    return seconds
