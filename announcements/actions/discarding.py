"""Throwing drafts away: at once, with a way back for 30 days."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone

from announcements.actions.writing import require_draft
from announcements.models import Announcement
from core.errors import require
from directory.models import Employee

KEPT = datetime.timedelta(days=30)
# So many are purged at once that a round of the sweeper stays short.
PURGED_AT_ONCE = 200


@transaction.atomic
def discard_draft(*, actor: Employee, announcement: Announcement) -> Announcement:
    """Throw a draft away; `restore_draft` takes it back for 30 days. What has been sent is withdrawn instead."""
    require(actor.has_perm("announcements.manage", announcement))
    draft = Announcement.objects.select_for_update(no_key=True).get(pk=announcement.pk)
    if draft.discarded_at is None:
        require_draft(draft)
        draft.discarded_at = timezone.now()
        draft.save(update_fields=["discarded_at"])
    return draft


@transaction.atomic
def restore_draft(*, actor: Employee, announcement: Announcement) -> Announcement:
    """Take a draft back that was thrown away."""
    require(actor.has_perm("announcements.manage", announcement))
    draft = Announcement.objects.select_for_update(no_key=True).get(pk=announcement.pk)
    if draft.discarded_at is not None:
        draft.discarded_at = None
        draft.save(update_fields=["discarded_at"])
    return draft


@transaction.atomic
def purge_discarded_drafts() -> int:
    """Delete the drafts thrown away more than 30 days ago, with audience and thread; return how many."""
    old = Announcement.objects.filter(state=Announcement.State.DRAFT, discarded_at__lt=timezone.now() - KEPT)
    drafts = list(old.select_for_update(skip_locked=True, of=("self",)).with_people()[:PURGED_AT_ONCE])
    Announcement.objects.filter(pk__in=[draft.pk for draft in drafts]).delete()
    for parts in ([draft.audience for draft in drafts], [draft.thread for draft in drafts]):
        if parts:
            type(parts[0])._base_manager.filter(pk__in=[part.pk for part in parts]).delete()
    return len(drafts)
