"""What a reader does. Never blocked by house rules; each step is written once, whatever is repeated."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from announcements.models import Announcement
from core.errors import RefusedError
from directory.models import Employee
from notifications import live
from notifications.models import Notification

REMINDER_KIND = "announcement_reminder"


def mark_delivered(*, employee: Employee, announcements: Collection[Announcement]) -> int:
    """Note that a page showed these to `employee`; return how many had not been delivered before."""
    counted = [one for one in announcements if one.figures_final_at is None]
    waiting = employee.receipts.filter(announcement__in=counted, delivered_at__isnull=True)
    return waiting.update(delivered_at=timezone.now())


@transaction.atomic
def mark_seen(*, employee: Employee, announcement: Announcement) -> bool:
    """Note that `employee` has had the announcement in view.

    Returns False when it was known, not for them, or so long ago that it is noted of nobody any more.
    """
    if announcement.figures_final_at is not None:
        return False
    now = timezone.now()
    unseen = employee.receipts.filter(announcement=announcement, seen_at__isnull=True)
    if not unseen.update(seen_at=now, delivered_at=Coalesce("delivered_at", now)):
        return False
    _read_reminders(employee, announcement)
    _tell_other_devices(employee, announcement)
    return True


@transaction.atomic
def acknowledge(
    *, employee: Employee, announcement: Announcement, revision: int | None = None, language: str = ""
) -> bool:
    """Store that `employee` has read the wording `revision` in `language` (the one in force unless given).

    Returns False when it was confirmed before: the first confirmation stands. Raises RefusedError when nobody asked
    for confirmation, the time for it is over, it was not addressed to the person, or it has been withdrawn.
    """
    if announcement.state not in (Announcement.State.SENDING, Announcement.State.PUBLISHED):
        raise RefusedError(_("This message has been withdrawn. There is nothing to confirm."), code="conflict")
    if not announcement.asks_confirmation:
        raise RefusedError(_("This message does not ask for confirmation."), code="conflict")
    if announcement.figures_final_at is not None:
        raise RefusedError(_("The time for confirming this message is over."), code="conflict")
    mine = employee.receipts.filter(announcement=announcement)
    shown = _shown(announcement, revision, language)
    now = timezone.now()
    first = mine.filter(acknowledged_at__isnull=True).update(
        acknowledged_at=now,
        seen_at=Coalesce("seen_at", now),
        delivered_at=Coalesce("delivered_at", now),
        revision=Value(shown[0]),
        language=Value(shown[1]),
    )
    if not first and not mine.exists():
        raise RefusedError(_("This message was not addressed to you."), code="conflict")
    if first:
        _read_reminders(employee, announcement)
        _tell_other_devices(employee, announcement)
    return bool(first)


def _tell_other_devices(employee: Employee, announcement: Announcement) -> None:
    """Let counters and banners on the person's other devices follow."""
    live.publish(channel=f"u:{employee.pk}", event="notifications", data={"announcement": announcement.public_id})


def _shown(announcement: Announcement, revision: int | None, language: str) -> tuple[int, str]:
    """Return the revision and language that were read; what does not exist counts as the wording in force."""
    if announcement.texts.filter(revision=revision or 0, language=language).exists():
        return revision or 0, language
    text = announcement.text_in(language or "nb")
    return text.revision, text.language


def _read_reminders(employee: Employee, announcement: Announcement) -> None:
    told = Notification.objects.filter(recipient=employee, kind=REMINDER_KIND, target_id=announcement.pk)
    told.unread().update(read_at=timezone.now())
