"""After sending: those who begin while it is on top get it too."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from django.db import transaction

from announcements.actions.ledger import insert_receipts, prepare_messages
from announcements.actions.reminding import next_reminder_at, remind
from announcements.actions.team import open_team_list
from announcements.models import Announcement
from groups.audiences import compile_audience
from notifications.actions import start_fan_out
from notifications.models import FanOut

__all__ = ["add_newcomers", "next_reminder_at", "open_team_list", "remind", "start_adding_newcomers"]

# More people than this at once: look at everyone instead of carrying their ids along.
MANY = 5000


def start_adding_newcomers(employee_ids: Collection[int]) -> FanOut:
    """Store that these people must be added to what is on top; a worker does it."""
    facts = {"employee_ids": sorted(employee_ids)} if len(employee_ids) <= MANY else {}
    return start_fan_out(job="announcements.add_newcomers", key=uuid.uuid4().hex, facts=facts)


def add_newcomers(*, employee_ids: Collection[int] | None = None) -> int:
    """Add those who now belong to the audience of what is on top, counted apart; return how many were new.

    Looks at these employees, or at everyone. Whoever has a receipt already keeps it as it is.
    """
    return sum(_add_to(one, employee_ids) for one in Announcement.objects.still_joined().select_related("audience"))


@transaction.atomic
def _add_to(announcement: Announcement, employee_ids: Collection[int] | None) -> int:
    people = compile_audience(announcement.audience)
    if employee_ids is not None:
        people = people.filter(pk__in=employee_ids)
    missing = people.exclude(pk__in=announcement.receipts.values("employee_id"))
    added = insert_receipts(announcement, missing, joined_later=True)
    if added:
        later = announcement.receipts.filter(joined_later=True)
        prepare_messages(announcement, later if employee_ids is None else later.filter(employee__in=employee_ids))
    return added
