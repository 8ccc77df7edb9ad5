"""The second pair of eyes: before sending to everyone, and after a critical message."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from announcements.actions.readiness import require_sendable
from announcements.actions.scheduling import (
    AWAITS_KIND,
    MAX_NOTE,
    SENT_BACK_KIND,
    forget_requests,
    make_draft_again,
    release,
)
from announcements.models import Announcement
from announcements.policies import EVERYWHERE, is_for_everyone
from core.errors import RefusedError, require
from core.text import check_text
from directory.actions import record_audit_event
from directory.models import Employee, Organisation, RoleGrant
from directory.querysets import EmployeeQuerySet
from groups.models import AudienceTerm
from notifications.actions import notify

State = Announcement.State
APPROVED_KIND = "announcement_approved"


def needs_approval(announcement: Announcement, terms: Iterable[AudienceTerm]) -> bool:
    """Say whether another person must look it over before it is sent. Critical ones are signed for afterwards."""
    critical = announcement.level == Announcement.Level.CRITICAL
    return not critical and is_for_everyone(terms) and Organisation.load().second_pair_of_eyes


def approvers_for(announcement: Announcement, asker: Employee | None = None) -> EmployeeQuerySet:
    """Return those who may look it over: all who may announce to everyone, but its author and who asks, by name."""
    grants = RoleGrant.objects.in_force().filter(role__in=EVERYWHERE).exclude(unit__depth__gt=0)
    asker_id = asker.pk if asker else announcement.publish_requested_by_id
    found: EmployeeQuerySet = Employee.objects.active().filter(pk__in=grants.values("employee_id")).by_name()
    return found.exclude(pk__in=[pk for pk in (announcement.author_id, asker_id) if pk])


def ask_for_approval(announcement: Announcement) -> None:
    """Let it wait until another person has looked it over, and tell those who may. Part of publishing."""
    announcement.state = State.AWAITING_APPROVAL
    announcement.save()
    tell_approvers(announcement)


def tell_approvers(announcement: Announcement) -> None:
    """Tell those who may approve it, or sign for it, that it waits for them."""
    people = list(approvers_for(announcement).values_list("pk", flat=True))
    notify(
        kind=AWAITS_KIND,
        recipients=people,
        event_key=_key_of(announcement),
        actor=announcement.publish_requested_by,
        target_id=announcement.pk,
    )


def _key_of(announcement: Announcement) -> str:
    """One event for each time it was asked for."""
    asked_at = announcement.publish_requested_at or announcement.created_at
    return f"{AWAITS_KIND}:{announcement.pk}:{asked_at.timestamp()}"


@transaction.atomic
def approve_announcement(*, actor: Employee, announcement: Announcement) -> Announcement:
    """Let what waits go out, now or at the moment its author chose; at once where that moment has passed meanwhile.

    Raises RefusedError when it does not wait any more, or whoever asked may not send it today; PermissionDenied for
    its author, for who asked, and for all who may not announce to everyone.
    """
    announcement = _waiting(actor, announcement)
    asker = announcement.publish_requested_by or announcement.author
    if not (asker.is_active and announcement.author.is_active):
        raise RefusedError(_("Its author no longer works here. Send it back, and write it anew."), code="conflict")
    require_sendable(asker, announcement)
    announcement.approved_at, announcement.approved_by = timezone.now(), actor
    release(announcement)
    forget_requests(announcement)
    _tell_author(APPROVED_KIND, announcement, actor)
    record_audit_event(actor=actor, verb="announcements.approved", obj=announcement)
    return announcement


@transaction.atomic
def send_back_announcement(*, actor: Employee, announcement: Announcement, note: str) -> Announcement:
    """Make a draft of what waits, with a note to its author about what to change.

    Raises RefusedError on field "note" when it is empty or too long, or when the announcement does not wait any more.
    """
    announcement = _waiting(actor, announcement)
    note = note.strip()
    if not note:
        raise RefusedError(_("Write what should be changed."), field="note")
    try:
        check_text(note, max_length=MAX_NOTE)
    except ValidationError as error:
        raise RefusedError(" ".join(error.messages), field="note", code="text") from None
    _tell_author(SENT_BACK_KIND, announcement, actor)
    make_draft_again(announcement, note=note)
    record_audit_event(actor=actor, verb="announcements.sent_back", obj=announcement)
    return announcement


def _waiting(actor: Employee, announcement: Announcement) -> Announcement:
    locked = Announcement.objects.select_for_update(no_key=True).get(pk=announcement.pk)
    if locked.state != State.AWAITING_APPROVAL:
        raise RefusedError(_("This message does not wait any more."), code="conflict")
    require(actor.has_perm("announcements.approve", locked))
    return locked


def _tell_author(kind: str, announcement: Announcement, actor: Employee) -> None:
    people = [pk for pk in {announcement.author_id, announcement.publish_requested_by_id} if pk]
    notify(kind=kind, recipients=people, event_key=_key_of(announcement), actor=actor, target_id=announcement.pk)


@transaction.atomic
def countersign_announcement(*, actor: Employee, announcement: Announcement) -> Announcement:
    """Sign afterwards for a critical message that another person sent alone.

    Raises RefusedError when it has been signed for, or was withdrawn; PermissionDenied for its author, for who sent
    it, and for all who may not announce to everyone.
    """
    announcement = Announcement.objects.select_for_update(no_key=True).get(pk=announcement.pk)
    critical = announcement.level == Announcement.Level.CRITICAL
    if not critical or announcement.approved_at or announcement.state not in (State.SENDING, State.PUBLISHED):
        raise RefusedError(_("This message does not wait any more."), code="conflict")
    require(actor.has_perm("announcements.countersign", announcement))
    announcement.approved_at, announcement.approved_by = timezone.now(), actor
    announcement.save(update_fields=["approved_at", "approved_by"])
    forget_requests(announcement)
    record_audit_event(actor=actor, verb="announcements.countersigned", obj=announcement)
    return announcement
