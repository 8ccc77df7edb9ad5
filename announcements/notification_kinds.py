"""What announcements tell people about, beside the banner on the home page."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from announcements.actions.approving import APPROVED_KIND
from announcements.actions.asking_leaders import FOLLOW_UP_KIND
from announcements.actions.correcting import CORRECTED_KIND
from announcements.actions.scheduling import AWAITS_KIND, SENT_BACK_KIND
from announcements.actions.trying import TRIAL_KIND
from announcements.follow_ups import may_be_followed_up, missing_under
from announcements.models import Announcement, AnnouncementText, Receipt
from directory.models import Employee, Organisation
from groups.audience_words import describe_audience
from groups.audiences import terms_of
from groups.models import Group
from notifications.kinds import Bundle, NotificationKind, notification_kind
from notifications.models import Delivery

AT_ONCE = datetime.timedelta(0)


class _AboutAnnouncement(NotificationKind[Announcement]):
    templates = "announcements/notifications"
    topic = "announcements"
    icon = "Megaphone"
    email_after = AT_ONCE

    def visible_targets(self, reader: Employee, ids: Collection[int]) -> dict[int, Announcement]:
        live = Announcement.objects.addressed_to(reader).exclude(state=Announcement.State.WITHDRAWN)
        return {found.pk: found for found in live.filter(pk__in=ids).with_sender().with_receipt_of(reader)}

    def after_sent(self, delivery: Delivery) -> None:
        """The mail server has it: that counts as delivered."""
        mine = Receipt.objects.filter(announcement=delivery.target_id, employee=delivery.recipient_id)
        mine.filter(delivered_at__isnull=True).update(delivered_at=timezone.now())

    def render(self, part: str, bundle: Bundle, target: Announcement, **context: Any) -> str:
        return super().render(part, bundle, target, text=_text(target), **context)


class _Message(_AboutAnnouncement):
    """The message itself: in mails its title is the heading, under it who sent it."""

    has_own_email = True

    def why(self, reader: Employee, target: Announcement) -> str:
        """It names whom it was sent to, but no group whose name stays in Tunet."""
        terms = terms_of(target.audience)
        if any(term.group and term.group.privacy != Group.Privacy.OPEN for term in terms):
            return _("you are among those it was sent to")
        audience = describe_audience(terms, reader)
        return _("you are among those it was sent to: «%(audience)s»") % {"audience": audience}

    def render(self, part: str, bundle: Bundle, target: Announcement, **context: Any) -> str:
        if part != "email.html":
            return super().render(part, bundle, target, **context)
        words = {"text": _text(target), "note": self.note(bundle, target), "target": target, **context}
        return render_to_string(f"{self.templates}/email.html", words)

    def note(self, bundle: Bundle, target: Announcement) -> str:
        """Return what a mail says of the message, before it; "" for nothing."""
        return ""


@notification_kind
class AnnouncementKind(_Message):
    """An important message has come."""

    key = "announcement"
    name = gettext_lazy("An important message")
    email_after_push = datetime.timedelta(hours=24)
    push_after = AT_ONCE

    def note(self, bundle: Bundle, target: Announcement) -> str:
        """Why it came in quiet hours: whoever sends it is told that all read the reason."""
        if not target.urgent_reason or target.level == Announcement.Level.CRITICAL:
            return ""
        return f"{_('Urgent')}: {target.urgent_reason}"

    def is_still_due(self, reader: Employee, target: Announcement) -> bool:
        return target.my_seen_at is None and target.superseded_by_id is None


@notification_kind
class ReminderKind(_Message):
    """It has not been seen, or not been confirmed."""

    key = "announcement_reminder"
    name = gettext_lazy("A reminder of an important message")
    push_after = AT_ONCE

    def note(self, bundle: Bundle, target: Announcement) -> str:
        if bundle.newest.facts.get("to") == "unacknowledged":
            return _("You have not confirmed this message yet.")
        return _("You have not seen this message yet.")

    def is_still_due(self, reader: Employee, target: Announcement) -> bool:
        done = target.my_acknowledged_at if target.asks_confirmation else target.my_seen_at
        return done is None and target.superseded_by_id is None


@notification_kind
class CorrectedKind(_Message):
    """What it said has been corrected, and its author wants everyone to know."""

    key = CORRECTED_KIND
    name = gettext_lazy("A corrected important message")
    push_after = AT_ONCE

    def note(self, bundle: Bundle, target: Announcement) -> str:
        changed = _text(target).change_note
        return _("This has changed: %(note)s") % {"note": changed} if changed else _("This message has been changed.")

    def after_sent(self, delivery: Delivery) -> None:
        """It came to everyone before."""

    def is_still_due(self, reader: Employee, target: Announcement) -> bool:
        return target.superseded_by_id is None


@notification_kind
class TrialKind(_Message):
    """A draft, to its author alone."""

    key = TRIAL_KIND
    push_after = AT_ONCE

    def visible_targets(self, reader: Employee, ids: Collection[int]) -> dict[int, Announcement]:
        drafts = Announcement.objects.kept_by(reader).exclude(state=Announcement.State.WITHDRAWN)
        return {found.pk: found for found in drafts.filter(pk__in=ids).with_sender().with_receipt_of(reader)}

    def url(self, bundle: Bundle, target: Announcement) -> str:
        return reverse("announcement_trial", args=[target.public_id])

    def why(self, reader: Employee, target: Announcement) -> str:
        """It was asked for."""
        return ""

    def note(self, bundle: Bundle, target: Announcement) -> str:
        return _("This is a trial. Only you have got it.")

    def after_sent(self, delivery: Delivery) -> None:
        """A trial leaves nothing in the ledger."""


@notification_kind
class FollowUpKind(_AboutAnnouncement):
    """A leader has own people who have not confirmed. Says how to see who; never who."""

    key = FOLLOW_UP_KIND
    topic = "tasks"

    def visible_targets(self, reader: Employee, ids: Collection[int]) -> dict[int, Announcement]:
        if not ids or not Organisation.load().may_measure:
            return {}
        mine = Announcement.objects.for_follow_up_by(reader).filter(pk__in=ids, superseded_by__isnull=True)
        return {found.pk: found for found in mine.with_sender().with_receipt_of(reader)}

    def url(self, bundle: Bundle, target: Announcement) -> str:
        return reverse("announcement_team", args=[target.public_id])

    def after_sent(self, delivery: Delivery) -> None:
        """It says nothing of the announcement itself having come."""

    def is_still_due(self, reader: Employee, target: Announcement) -> bool:
        return may_be_followed_up(target) and any(not one.is_followed_up for one in missing_under(target, reader))


@notification_kind
class AwaitsApprovalKind(_AboutAnnouncement):
    """Another person wants to send to everyone, or has sent a critical message: the reader looks it over."""

    key = AWAITS_KIND
    topic = "tasks"
    push_after = AT_ONCE
    icon = "Eye"

    def visible_targets(self, reader: Employee, ids: Collection[int]) -> dict[int, Announcement]:
        waiting = Announcement.objects.waiting_for(reader).filter(pk__in=ids)
        return {found.pk: found for found in waiting.with_sender()} if ids else {}

    def url(self, bundle: Bundle, target: Announcement) -> str:
        return reverse("approve_announcement", args=[target.public_id])

    def after_sent(self, delivery: Delivery) -> None:
        """Whoever looks it over has not received it yet."""


class _ToKeepers(_AboutAnnouncement):
    icon = "Megaphone"

    def visible_targets(self, reader: Employee, ids: Collection[int]) -> dict[int, Announcement]:
        kept = Announcement.objects.kept_by(reader).filter(pk__in=ids)
        return {found.pk: found for found in kept.with_sender()} if ids else {}

    def url(self, bundle: Bundle, target: Announcement) -> str:
        return reverse("publish_announcement", args=[target.public_id])

    def after_sent(self, delivery: Delivery) -> None:
        """It tells of the announcement; it is not the announcement."""


@notification_kind
class SentBackKind(_ToKeepers):
    """What waited to be sent is a draft again: another person, or what has changed meanwhile, stopped it."""

    key = SENT_BACK_KIND

    def is_still_due(self, reader: Employee, target: Announcement) -> bool:
        return target.state == Announcement.State.DRAFT


@notification_kind
class ApprovedKind(_ToKeepers):
    """What waited for approval is on its way, or scheduled."""

    key = APPROVED_KIND


def _text(announcement: Announcement) -> AnnouncementText:
    return announcement.text_in(translation.get_language() or "nb")
