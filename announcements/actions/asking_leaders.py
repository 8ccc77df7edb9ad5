"""«Be lederne følge opp»: the nearest leaders are asked to talk to those of their own who have not confirmed."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from announcements.actions.reminding import pause_ends, require_out
from announcements.follow_ups import leaders_to_ask
from announcements.models import Announcement, FollowUpRequest
from core.errors import RefusedError, require
from directory.actions import record_audit_event
from directory.models import Employee, Organisation
from notifications.actions import start_fan_out

FOLLOW_UP_KIND = "announcement_follow_up"


def next_follow_up_at(announcement: Announcement) -> datetime.datetime | None:
    """Return when the leaders may be asked next; None means now."""
    last = announcement.follow_up_requests.order_by("-asked_at").first()
    return pause_ends(announcement, last.asked_at if last else None)


@transaction.atomic
def ask_leaders_to_follow_up(*, actor: Employee, announcement: Announcement) -> FollowUpRequest:
    """Tell each leader with someone left that there is a list to look at; a worker does it in chunks.

    Raises RefusedError where no confirmation was asked for, named confirmation is not in use, the announcement is
    not out, or the leaders have been asked within the pause between reminders.
    """
    require(actor.has_perm("announcements.manage", announcement))
    announcement = Announcement.objects.select_for_update(no_key=True).get(pk=announcement.pk)
    require_out(announcement)
    if not announcement.asks_confirmation:
        raise RefusedError(_("This message does not ask for confirmation."), code="conflict")
    if not Organisation.load().may_measure:
        raise RefusedError(_("Names are not shown in this organisation."), code="conflict")
    if next_follow_up_at(announcement):
        raise RefusedError(_("The leaders have been asked lately. Wait a little."), code="conflict")
    count = leaders_to_ask(announcement).count()
    request = FollowUpRequest.objects.create(announcement=announcement, asked_by=actor, count=count)
    record_audit_event(actor=actor, verb="announcements.leaders_asked", obj=announcement)
    start_fan_out(job="announcements.ask_leaders", key=str(request.pk))
    return request
