"""Sending and taking back. What reaches people is done by the fan-out; this only stores that it must be."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from announcements.actions.updating import give_former_place_back, require_newest
from announcements.actions.writing import Wording, check_reach, require_draft
from announcements.models import Announcement
from core.errors import RefusedError, require
from directory.actions import record_audit_event
from directory.models import Employee
from groups.audience_choice import refuse_nobody
from groups.audience_input import read_token, resolve_strictly, token_of
from groups.audiences import compile_terms, terms_of
from groups.models import AudienceTerm
from notifications.actions import start_fan_out

State = Announcement.State


@transaction.atomic
def publish_announcement(*, actor: Employee, announcement: Announcement) -> Announcement:
    """Decide that a draft goes out now, and return it in state sending; a worker freezes the audience right after.

    The announcement's new state and the fan-out are stored together or not at all. Raises RefusedError when
    something is missing, the audience may not be addressed or holds nobody, or it has been sent already.
    """
    require(actor.has_perm("announcements.manage", announcement))
    announcement = Announcement.objects.select_for_update(no_key=True).get(pk=announcement.pk)
    require_draft(announcement)
    require_newest(announcement)
    require_complete({text.language: Wording(text.title, text.body) for text in announcement.texts.all()})
    require_audience(actor, announcement)
    now = timezone.now()
    announcement.state = State.SENDING
    announcement.publish_requested_at, announcement.publish_requested_by = now, actor
    announcement.on_top_until = now + datetime.timedelta(days=announcement.days_on_top)
    announcement.save()
    record_audit_event(actor=actor, verb="announcements.published", obj=announcement)
    start_fan_out(job="announcements.deliver", key=str(announcement.pk))
    return announcement


def require_complete(texts: Mapping[str, Wording]) -> None:
    """Raise RefusedError, at its field, for the first language that lacks title or body. Bokmål must be there."""
    begun = {code: text for code, text in texts.items() if text.title.strip() or text.body.strip()}
    for language in dict.fromkeys(["nb", *begun]):
        text = begun.get(language, Wording("", ""))
        if not text.title.strip():
            raise RefusedError(_("Write a title."), field=f"title_{language}", code="title_missing")
        if not text.body.strip():
            raise RefusedError(_("Write the message."), field=f"body_{language}", code="body_missing")


def require_audience(actor: Employee, announcement: Announcement) -> list[AudienceTerm]:
    """Return the terms. Raises RefusedError when `actor` may not address them today or they describe nobody."""
    raw = [read_token(token_of(term), exclude=term.exclude) for term in terms_of(announcement.audience)]
    terms = resolve_strictly(raw, employee=actor)
    check_reach(actor, terms)
    if not compile_terms(terms).exists():
        raise refuse_nobody()
    return terms


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
    record_audit_event(actor=actor, verb="announcements.withdrawn", obj=announcement)
    return announcement
