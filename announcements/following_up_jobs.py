"""What workers do to follow up: remind in chunks, remind by itself, ask the leaders. Each is safe to run twice."""

from __future__ import annotations

from announcements.actions.asking_leaders import FOLLOW_UP_KIND
from announcements.actions.reminding import remind_by_itself
from announcements.follow_ups import leaders_to_ask, may_be_followed_up
from announcements.models import FollowUpRequest
from notifications.actions import notify
from notifications.fan_out import Step, fan_out_job
from notifications.models import FanOut

LEADERS_AT_ONCE = 1000


@fan_out_job("announcements.remind_by_itself")
def remind_those_left(fan_out: FanOut) -> Step:
    """The hours the author chose have passed."""
    reminder = remind_by_itself(announcement_id=int(fan_out.key.partition(":")[0]))
    return Step(cursor=0, done=reminder.count if reminder else 0, finished=True)


@fan_out_job("announcements.ask_leaders")
def ask_next_leaders(fan_out: FanOut) -> Step:
    """Tell the next chunk of leaders; stop where it has been withdrawn, or followed by an update, in the meantime."""
    request = FollowUpRequest.objects.select_related("announcement").filter(pk=int(fan_out.key)).first()
    if request is None or not may_be_followed_up(request.announcement):
        return Step(cursor=fan_out.cursor, done=0, finished=True)
    fan_out.total_count = request.count
    announcement = request.announcement
    left = leaders_to_ask(announcement).filter(pk__gt=fan_out.cursor).order_by("pk")
    ids = list(left.values_list("pk", flat=True)[:LEADERS_AT_ONCE])
    notify(
        kind=FOLLOW_UP_KIND,
        recipients=ids,
        event_key=f"follow_up:{request.pk}",
        target_id=announcement.pk,
        bundle_key=f"{FOLLOW_UP_KIND}:{announcement.pk}",
    )
    return Step(cursor=ids[-1] if ids else fan_out.cursor, done=len(ids), finished=len(ids) < LEADERS_AT_ONCE)
