"""When an announcement goes out: now, or at the moment chosen. The audience is compiled then, not before."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from announcements.actions.readiness import require_sendable
from announcements.models import Announcement
from core.errors import RefusedError, require
from directory.actions import record_audit_event
from directory.models import Employee, RoleGrant
from notifications.actions import notify, start_fan_out
from notifications.models import Notification

State = Announcement.State
BEGIN_JOB = "announcements.begin"
SENT_BACK_KIND = "announcement_sent_back"
AWAITS_KIND = "announcement_awaits_approval"
LEAST_AHEAD = datetime.timedelta(minutes=5)
MOST_AHEAD = datetime.timedelta(days=365)
MAX_NOTE = 300


def check_publish_at(publish_at: datetime.datetime | None) -> None:
    """Raise RefusedError on field "publish_at" for a moment that is over, too near or too far away. None is now."""
    if publish_at is None:
        return
    ahead = publish_at - timezone.now()
    if ahead < datetime.timedelta(0):
        raise RefusedError(_("That moment is over. Choose one that is to come."), field="publish_at", code="past")
    if ahead < LEAST_AHEAD:
        raise RefusedError(_("Choose a moment at least five minutes ahead, or send it now."), field="publish_at")
    if ahead > MOST_AHEAD:
        raise RefusedError(_("Choose a moment within a year."), field="publish_at")


def release(announcement: Announcement) -> None:
    """Let it go out at its `publish_at`, or now when that is not set or over. Part of the transaction that decides."""
    if announcement.publish_at is None or announcement.publish_at <= timezone.now():
        _begin(announcement)
        return
    announcement.state = State.SCHEDULED
    announcement.save()
    start_fan_out(job=BEGIN_JOB, key=_key_of(announcement), not_before=announcement.publish_at)


def _key_of(announcement: Announcement) -> str:
    """What tells one chosen moment from the next: work for a moment that was changed finds another one and stops."""
    assert announcement.publish_at
    return f"{announcement.pk}:{announcement.publish_at.timestamp()}"


def _begin(announcement: Announcement) -> None:
    announcement.state = State.SENDING
    announcement.on_top_until = timezone.now() + datetime.timedelta(days=announcement.days_on_top)
    announcement.save()
    start_fan_out(job="announcements.deliver", key=str(announcement.pk))


@transaction.atomic
def begin_scheduled(key: str) -> bool:
    """Begin to send what was scheduled under `key`; return whether it was begun.

    Rights and audience are looked at again: where they do not hold any more it becomes a draft, and its keepers are
    told why. Does nothing when it was taken back, or the moment was changed.
    """
    scheduled = Announcement.objects.select_for_update(no_key=True).filter(pk=int(key.partition(":")[0]))
    announcement = scheduled.first()
    if announcement is None or announcement.state != State.SCHEDULED or _key_of(announcement) != key:
        return False
    with translation.override(announcement.author.language or settings.LANGUAGE_CODE):
        if hindrance := _find_hindrance(announcement):
            _give_up(announcement, hindrance)
            return False
    _begin(announcement)
    record_audit_event(actor=None, verb="announcements.begun", obj=announcement)
    return True


def _find_hindrance(announcement: Announcement) -> str:
    asker = announcement.publish_requested_by or announcement.author
    for person in (announcement.author, asker):
        if not person.is_active:
            return _("%(name)s no longer works here.") % {"name": person.display_name}
    try:
        require_sendable(asker, announcement)
    except RefusedError as refusal:
        return str(refusal.message)
    except PermissionDenied:
        return _("%(name)s may no longer send it.") % {"name": asker.display_name}
    return ""


def _give_up(announcement: Announcement, reason: str) -> None:
    told = keepers_of(announcement)
    key = f"{AWAITS_KIND}:{_key_of(announcement)}"
    make_draft_again(announcement, note=_("It was not sent: %(reason)s") % {"reason": reason})
    announcement.publish_at = None
    announcement.save(update_fields=["publish_at"])
    notify(kind=SENT_BACK_KIND, recipients=told, event_key=key, target_id=announcement.pk)
    record_audit_event(actor=None, verb="announcements.not_begun", obj=announcement)


def keepers_of(announcement: Announcement) -> list[int]:
    """Return who is told what becomes of it: those involved who still keep it, or else central communications."""
    involved = {announcement.author_id, announcement.publish_requested_by_id, announcement.approved_by_id}
    people = Employee.objects.active().filter(pk__in=[pk for pk in involved if pk])
    keeping = [person.pk for person in people if person.has_perm("announcements.manage", announcement)]
    central = RoleGrant.objects.in_force().filter(role="central_communications")
    return keeping or list(central.values_list("employee_id", flat=True))


def make_draft_again(announcement: Announcement, *, note: str = "") -> None:
    """Let it be a draft that nobody has asked to send. `note` says why, to its keepers."""
    announcement.state, announcement.returned_note = State.DRAFT, note[:MAX_NOTE]
    announcement.publish_requested_at = announcement.publish_requested_by = None
    announcement.approved_at = announcement.approved_by = None
    announcement.save()
    forget_requests(announcement)


def forget_requests(announcement: Announcement) -> None:
    """Mark as read that others were asked to look it over: somebody has, or it was taken back."""
    asked = Notification.objects.filter(kind=AWAITS_KIND, target_id=announcement.pk)
    asked.unread().update(read_at=timezone.now())


@transaction.atomic
def reschedule_announcement(
    *, actor: Employee, announcement: Announcement, publish_at: datetime.datetime | None
) -> Announcement:
    """Move what is scheduled to another moment, or send it now (None). An approval of it stands.

    Raises RefusedError on field "publish_at", or when it is not scheduled any more.
    """
    require(actor.has_perm("announcements.manage", announcement))
    announcement = Announcement.objects.select_for_update(no_key=True).get(pk=announcement.pk)
    if announcement.state != State.SCHEDULED:
        raise RefusedError(_("This message is not scheduled any more."), code="conflict")
    check_publish_at(publish_at)
    require_sendable(announcement.publish_requested_by or announcement.author, announcement)
    announcement.publish_at = publish_at
    release(announcement)
    record_audit_event(actor=actor, verb="announcements.rescheduled", obj=announcement)
    return announcement


@transaction.atomic
def take_back_announcement(*, actor: Employee, announcement: Announcement) -> Announcement:
    """Make a draft of what waits for approval or for its moment, so that it can be changed. An approval is forgotten.

    Raises RefusedError when it is neither any more.
    """
    require(actor.has_perm("announcements.manage", announcement))
    announcement = Announcement.objects.select_for_update(no_key=True).get(pk=announcement.pk)
    if announcement.state not in (State.AWAITING_APPROVAL, State.SCHEDULED):
        raise RefusedError(_("This message does not wait any more."), code="conflict")
    make_draft_again(announcement)
    record_audit_event(actor=actor, verb="announcements.taken_back", obj=announcement)
    return announcement
