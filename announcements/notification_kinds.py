"""What announcements tell people about, beside the banner on the home page."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Any

from django.utils import timezone, translation

from announcements.models import Announcement, AnnouncementText, Receipt
from directory.models import Employee
from notifications.kinds import Bundle, NotificationKind, notification_kind
from notifications.models import Delivery


class _AboutAnnouncement(NotificationKind[Announcement]):
    templates = "announcements/notifications"
    icon = "Megaphone"
    email_after = datetime.timedelta(0)

    def visible_targets(self, reader: Employee, ids: Collection[int]) -> dict[int, Announcement]:
        live = Announcement.objects.addressed_to(reader).exclude(state=Announcement.State.WITHDRAWN)
        return {found.pk: found for found in live.filter(pk__in=ids).with_sender().with_receipt_of(reader)}

    def after_email(self, delivery: Delivery) -> None:
        """The mail server has it: that counts as delivered."""
        mine = Receipt.objects.filter(announcement=delivery.target_id, employee=delivery.recipient_id)
        mine.filter(delivered_at__isnull=True).update(delivered_at=timezone.now())

    def render(self, part: str, bundle: Bundle, target: Announcement, **context: Any) -> str:
        return super().render(part, bundle, target, text=_text(target), **context)


@notification_kind
class AnnouncementKind(_AboutAnnouncement):
    """An important message has come."""

    key = "announcement"

    def is_still_due(self, reader: Employee, target: Announcement) -> bool:
        return target.my_seen_at is None and target.superseded_by_id is None


@notification_kind
class ReminderKind(_AboutAnnouncement):
    """It has not been seen, or not been confirmed."""

    key = "announcement_reminder"

    def is_still_due(self, reader: Employee, target: Announcement) -> bool:
        done = target.my_acknowledged_at if target.asks_confirmation else target.my_seen_at
        return done is None


def _text(announcement: Announcement) -> AnnouncementText:
    return announcement.text_in(translation.get_language() or "nb")
