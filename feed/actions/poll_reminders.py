"""That those who have not answered are reminded before a poll closes; workers do it (`feed.fan_outs`)."""

from __future__ import annotations

import datetime

from django.utils import timezone

from feed.models import Poll
from notifications.actions import start_fan_out

JOB = "feed.remind_of_poll"
BEFORE = datetime.timedelta(days=1)
# A poll that lasts no longer than this is news itself.
LONG_ENOUGH = datetime.timedelta(hours=36)


def plan_reminder(poll: Poll) -> None:
    """Have people reminded a day before `poll` closes; of an anonymous one nobody is, as nobody knows who answered."""
    if poll.votes == Poll.Votes.ANONYMOUS or poll.closes_at is None:
        return
    if poll.closes_at - timezone.now() >= LONG_ENOUGH:
        start_fan_out(job=JOB, key=str(poll.pk), not_before=poll.closes_at - BEFORE)
