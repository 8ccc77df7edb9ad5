"""Announcements in the inbox: read from the ledger, never copied into it."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import mark_safe

from announcements.actions.ledger import KIND
from announcements.models import Announcement
from directory.models import Employee
from notifications.inbox import Line, line_sources, unread_sources


def count_unread(employee: Employee) -> int:
    """Return how many announcements to `employee` wait to be seen, and note how many of them are critical."""
    critical = Count("pk", filter=Q(announcement__level=Announcement.Level.CRITICAL))
    counted = employee.receipts.unread().aggregate(everything=Count("pk"), critical=critical)
    employee.critical_unread = counted["critical"]  # type: ignore[attr-defined]
    return int(counted["everything"])


def has_critical(employee: Any) -> bool:
    """Say whether a critical message may wait to be seen by the employee; True if nothing has been counted yet."""
    return bool(getattr(employee, "critical_unread", True))


def newest_lines(employee: Employee, limit: int) -> list[Line]:
    """Return announcements to `employee` as lines of the inbox, the unread first."""
    found = Announcement.objects.in_inbox_of(employee).with_sender().with_receipt_of(employee)[:limit]
    return [_line(announcement) for announcement in found]


def _line(announcement: Announcement) -> Line:
    text = announcement.text_in(translation.get_language() or "nb")
    html = render_to_string("announcements/notifications/announcement.html", {"target": announcement, "text": text})
    return Line(
        at=announcement.published_at or announcement.created_at,
        html=mark_safe(html),  # noqa: S308 - a rendered template
        url=announcement.get_absolute_url(),
        unread=announcement.waits_to_be_seen,
        icon="Megaphone",
        person=announcement.author,
        key=f"announcement-{announcement.public_id}",
        read_at=announcement.my_seen_at,
        event_key=f"announcement:{announcement.pk}",
        kind=KIND,
        why_url=reverse("why_announcement", args=[announcement.public_id]),
    )


unread_sources.add("announcements", count_unread)
line_sources.add("announcements", newest_lines)
