"""What a reminder says, word for word, before it is sent."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from announcements.actions.reading import REMINDER_KIND
from announcements.models import Announcement
from notifications.kinds import Bundle, kinds
from notifications.models import Notification


@dataclass(frozen=True)
class Preview:
    """A reminder as those who get it see it: the line in the inbox, and the e-mail."""

    line: SafeString
    subject: str
    body: str


def preview_reminder(announcement: Announcement, to: str) -> Preview:
    """Return what a reminder says, drawn from the very templates it is sent with, in the language in force."""
    kind = kinds.get(REMINDER_KIND)
    newest = Notification(kind=kind.key, target_id=announcement.pk, facts={"to": to})
    bundle, address = Bundle(newest, unread=True), settings.SITE_ADDRESS + announcement.get_absolute_url()
    line, subject, body = (
        kind.render(part, bundle, announcement, address=address, facts=newest.facts)
        for part in ("html", "subject.txt", "txt")
    )
    return Preview(mark_safe(line), " ".join(subject.split()), body.strip())  # noqa: S308 - a rendered template
