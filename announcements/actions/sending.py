"""Sending and taking back. What reaches people is done by the fan-out; this only stores that it must be."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from announcements.actions.approving import ask_for_approval, needs_approval, tell_approvers
from announcements.actions.readiness import require_audience, require_complete, require_sendable
from announcements.actions.scheduling import check_publish_at, forget_requests, release
from announcements.actions.updating import give_former_place_back
from announcements.actions.writing import require_draft
from announcements.models import Announcement
from core.errors import RefusedError, require
from directory.actions import record_audit_event
from directory.models import Employee

__all__ = ["publish_announcement", "require_audience", "require_complete", "withdraw_announcement"]

State = Announcement.State


@transaction.atomic
def publish_announcement(
    *, actor: Employee, announcement: Announcement, publish_at: datetime.datetime | None = None
) -> Announcement:
    """Decide that a draft goes out, now or at `publish_at`, and return it in its new state.

    `sending`: a worker freezes the audience right after. `scheduled`: it does so at that moment. `awaiting_approval`:
    it goes to everyone, and another person looks it over first. The state and what must be done for it are stored
    together or not at all. Raises RefusedError when something is missing, the audience may not be addressed or holds
    nobody, the moment cannot be chosen, or it has been sent already.
    """
    require(actor.has_perm("announcements.manage", announcement))
    announcement = Announcement.objects.select_for_update(no_key=True).get(pk=announcement.pk)
    require_draft(announcement)
    terms = require_sendable(actor, announcement)
    check_publish_at(publish_at)
    announcement.publish_at, announcement.returned_note = publish_at, ""
    announcement.publish_requested_at, announcement.publish_requested_by = timezone.now(), actor
    if needs_approval(announcement, terms):
        ask_for_approval(announcement)
        record_audit_event(actor=actor, verb="announcements.approval_asked", obj=announcement)
        return announcement
    release(announcement)
    if announcement.level == Announcement.Level.CRITICAL:
        tell_approvers(announcement)
    record_audit_event(actor=actor, verb="announcements.published", obj=announcement)
    return announcement


@transaction.atomic
def withdraw_announcement(*, actor: Employee, announcement: Announcement) -> Announcement:
    """Take a sent announcement back: readers find a note saying so, nothing more is sent, the ledger stays."""
    require(actor.has_perm("announcements.manage", announcement))
    announcement = Announcement.objects.select_for_update(no_key=True).get(pk=announcement.pk)
    if announcement.state not in (State.SENDING, State.PUBLISHED):
        raise RefusedError(_("Only a message that has been sent can be withdrawn."), code="conflict")
    announcement.state, announcement.withdrawn_at = State.WITHDRAWN, timezone.now()
    announcement.published_at = announcement.published_at or announcement.withdrawn_at
    announcement.save(update_fields=["state", "withdrawn_at", "published_at"])
    give_former_place_back(announcement)
    forget_requests(announcement)
    record_audit_event(actor=actor, verb="announcements.withdrawn", obj=announcement)
    return announcement
