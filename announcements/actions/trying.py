"""Trying a draft on oneself: it comes as it will to others, to its author alone."""

from __future__ import annotations

import uuid

from announcements.actions.sending import require_complete
from announcements.actions.writing import require_draft, wordings_of
from announcements.models import Announcement
from core.errors import require
from directory.models import Employee
from notifications.actions import notify

TRIAL_KIND = "announcement_trial"


def try_on_oneself(*, actor: Employee, announcement: Announcement) -> None:
    """Send the draft to `actor` alone: live, in the inbox and by e-mail. Nothing is stored in the ledger.

    Raises RefusedError at the field that is missing, or when it is no draft any more.
    """
    require(actor.has_perm("announcements.manage", announcement))
    require_draft(announcement)
    require_complete(wordings_of(announcement))
    key = f"trial:{announcement.public_id}:{uuid.uuid4().hex}"
    notify(kind=TRIAL_KIND, recipients=[actor.pk], event_key=key, target_id=announcement.pk)
