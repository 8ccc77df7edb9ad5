"""Who has not confirmed, and who follows that up. Names are for the nearest leader alone; everyone else gets counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q

from announcements.models import Announcement, OtherFollowUp, Receipt
from announcements.querysets import ReceiptQuerySet
from core.clock import local_today
from core.suppression import LEAST, RENEWED_BELOW
from directory.models import Employee, Organisation
from directory.nearest_leaders import leaders_of, own_people, without_leader
from directory.querysets import EmployeeQuerySet


@dataclass(frozen=True)
class FollowUpCounts:
    """What an author sees before the leaders are asked: counts, and None where a count would tell of a few people."""

    # How many leaders have someone left, and how many of those addressed have no leader.
    leaders: int | None
    without_leader: int | None
    # Whether there is anyone without a leader at all, shown as «fewer than ten».
    some_without_leader: bool


def may_be_followed_up(announcement: Announcement) -> bool:
    """Say whether leaders may see names here: confirmation was asked for, and it still holds and is still known."""
    live = announcement.state == Announcement.State.PUBLISHED and announcement.superseded_by_id is None
    kept = announcement.asks_confirmation and announcement.figures_final_at is None
    return live and kept and Organisation.load().may_measure


def missing_receipts(announcement: Announcement) -> ReceiptQuerySet:
    """Return the unconfirmed receipts of those at work; `is_followed_up` says whether a leader does so otherwise."""
    marked = OtherFollowUp.objects.filter(announcement=announcement, employee=OuterRef("employee_id"))
    on_leave = Q(employee__primary_employment__leave_until_date__gte=local_today())
    missing: Any = announcement.receipts.unacknowledged().exclude(on_leave)
    found: ReceiptQuerySet = missing.annotate(is_followed_up=Exists(marked)).order_by()
    return found


def missing_under(announcement: Announcement, leader: Employee) -> list[Receipt]:
    """Return the missing receipts of the leader's own people, by name; not of those that leaders below follow up."""
    own = missing_receipts(announcement).filter(employee__in=own_people(leader).values("pk"))
    named = own.select_related("employee__primary_employment__unit")
    return list(named.order_by("employee__sort_key", "employee_id"))


def leaders_to_ask(announcement: Announcement) -> EmployeeQuerySet:
    """Return the leaders who have someone left to follow up, each once, in one statement."""
    missing: Any = missing_receipts(announcement)
    left = missing.filter(is_followed_up=False)
    return leaders_of(Employee.objects.active().filter(pk__in=left.values("employee_id")))


def read_follow_up_counts(announcement: Announcement) -> FollowUpCounts:
    """Return the counts as they may be shown; small audiences have none, so that nobody's confirming moves them."""
    addressed = Employee.objects.active().filter(pk__in=announcement.receipts.active().values("employee_id"))
    size, alone = addressed.count(), without_leader(addressed).count()
    leaders = leaders_to_ask(announcement).count() if size >= RENEWED_BELOW else 0
    return FollowUpCounts(
        leaders=leaders if leaders >= LEAST else None,
        without_leader=alone if alone >= LEAST else None,
        some_without_leader=0 < alone < LEAST,
    )
