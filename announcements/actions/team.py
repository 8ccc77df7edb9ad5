"""The leader's own list. Every look at it is logged, for each person on it to read."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from announcements.actions.asking_leaders import FOLLOW_UP_KIND
from announcements.follow_ups import missing_under
from announcements.models import Announcement, OtherFollowUp, Receipt
from core.errors import RefusedError, require
from directory.actions import record_audit_event
from directory.models import AuditEvent, Employee, Organisation
from directory.nearest_leaders import own_people
from notifications.models import Notification

OPENED, PRINTED = "announcements.team_list_opened", "announcements.team_list_printed"


@transaction.atomic
def open_team_list(*, leader: Employee, announcement: Announcement, to_print: bool = False) -> list[Receipt]:
    """Return who of the leader's own people has not confirmed, and log the opening for each of them to read.

    `is_followed_up` on each says whether the leader does so in another way. Raises RefusedError where named
    confirmation is not in use in the organisation.
    """
    _require_names()
    missing = missing_under(announcement, leader)
    _log(leader, announcement, (receipt.employee for receipt in missing), PRINTED if to_print else OPENED)
    asked = Notification.objects.filter(recipient=leader, kind=FOLLOW_UP_KIND, target_id=announcement.pk)
    asked.unread().update(read_at=timezone.now())
    return missing


@transaction.atomic
def follow_up_otherwise(*, leader: Employee, announcement: Announcement, employee: Employee) -> OtherFollowUp:
    """Store that the leader follows this one of their own up in another way. No reason is asked for, none is kept."""
    _require_names()
    require(own_people(leader).filter(pk=employee.pk).exists())
    if not announcement.receipts.unacknowledged().filter(employee=employee).exists():
        raise RefusedError(_("This person has confirmed, or was not addressed."), code="conflict")
    marked, new = OtherFollowUp.objects.get_or_create(
        announcement=announcement, employee=employee, defaults={"marked_by": leader}
    )
    if new:
        verb = "announcements.followed_up_otherwise"
        record_audit_event(actor=leader, verb=verb, obj=announcement, subject=employee)
    return marked


@transaction.atomic
def undo_other_follow_up(*, leader: Employee, announcement: Announcement, employee: Employee) -> None:
    """Take that back: the person stands among those who are missing again."""
    _require_names()
    require(own_people(leader).filter(pk=employee.pk).exists())
    if OtherFollowUp.objects.filter(announcement=announcement, employee=employee).delete()[0]:
        verb = "announcements.other_follow_up_undone"
        record_audit_event(actor=leader, verb=verb, obj=announcement, subject=employee)


def _require_names() -> None:
    if not Organisation.load().may_measure:
        raise RefusedError(_("Names are not shown in this organisation."), code="conflict")


def _log(leader: Employee, announcement: Announcement, shown: Iterable[Employee], verb: str) -> None:
    named = {"object_type": announcement._meta.label_lower, "object_id": announcement.public_id}
    AuditEvent.objects.bulk_create(AuditEvent(actor=leader, verb=verb, subject=person, **named) for person in shown)
