"""What workers do for posts: tell members who want to hear of each, remind of a poll a day before it closes."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, OuterRef

from conversations.notification_kinds import conversation_of, places_of
from feed.actions.poll_reminders import JOB
from feed.actions.telling import ALL, GROUP_JOB
from feed.models import Poll, Post, Vote
from groups.models import Group, Membership
from notifications.actions import notify
from notifications.fan_out import Step, fan_out_job
from notifications.models import FanOut, Notification

# In larger groups nobody waits for each one's answer, and thousands would be called to their telephones.
LARGEST_GROUP = 250
KIND = "poll_closes"
CHUNK = 1000


@fan_out_job(JOB)
def remind_of_poll(fan_out: FanOut) -> Step:
    """Remind them once, where the poll still stands and can still be answered."""
    found = Poll.objects.exclude(votes=Poll.Votes.ANONYMOUS).select_related("post__author", "post__thread")
    poll = found.filter(pk=int(fan_out.key), post__in=Post.objects.standing()).first()
    told = _remind(poll) if poll and poll.is_open else 0
    return Step(cursor=0, done=told, finished=True)


@fan_out_job(GROUP_JOB)
def tell_group(fan_out: FanOut) -> Step:
    """Tell the next members who want to hear of every post; who was mentioned in it has been told already."""
    post_id, group_id = (int(part) for part in fan_out.key.split(":"))
    post = Post.objects.standing().select_related("author", "thread").filter(pk=post_id).first()
    if post is None:
        return Step(cursor=fan_out.cursor, done=0, finished=True)
    later = Membership.objects.filter(group=group_id, notification_level=ALL, employee_id__gt=fan_out.cursor).active()
    ids = list(later.order_by("employee_id").values_list("employee_id", flat=True)[:CHUNK])
    named = Notification.objects.filter(kind="mention", target_id=post.thread_id, recipient__in=ids)
    told = set(ids) - set(named.values_list("recipient_id", flat=True))
    event: dict[str, Any] = {"event_key": f"group_post:{post.pk}", "actor": post.author, "target_id": post.pk}
    notify(kind="group_post", recipients=told, places=[conversation_of(post.thread)], **event)
    return Step(cursor=ids[-1] if ids else fan_out.cursor, done=len(told), finished=len(ids) < CHUNK)


def _remind(poll: Poll) -> int:
    groups = Group.objects.live().filter(placements__post=poll.post).annotate(size=Count("memberships", distinct=True))
    asked = Membership.objects.filter(group__in=groups.filter(size__lte=LARGEST_GROUP), muted_at__isnull=True)
    answered = Vote.objects.filter(option__poll=poll, employee=OuterRef("employee"))
    return notify(
        kind=KIND,
        recipients=set(asked.filter(~Exists(answered)).values_list("employee_id", flat=True)),
        event_key=f"poll_closes:{poll.pk}",
        actor=poll.post.author,
        target_id=poll.post_id,
        places=places_of(poll.post.thread),
    )
