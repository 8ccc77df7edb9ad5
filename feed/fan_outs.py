"""What workers do for polls: a day before one closes, those it was put to and who have not answered are reminded."""

from __future__ import annotations

from django.db.models import Count, Exists, OuterRef

from conversations.actions.telling import places_of
from feed.actions.poll_reminders import JOB
from feed.models import Poll, Post, Vote
from groups.models import Group, Membership
from notifications.actions import notify
from notifications.fan_out import Step, fan_out_job
from notifications.models import FanOut

# In larger groups nobody waits for each one's answer, and thousands would be called to their telephones.
LARGEST_GROUP = 250
KIND = "poll_closes"


@fan_out_job(JOB)
def remind_of_poll(fan_out: FanOut) -> Step:
    """Remind them once, where the poll still stands and can still be answered."""
    found = Poll.objects.exclude(votes=Poll.Votes.ANONYMOUS).select_related("post__author", "post__thread")
    poll = found.filter(pk=int(fan_out.key), post__in=Post.objects.standing()).first()
    told = _remind(poll) if poll and poll.is_open else 0
    return Step(cursor=0, done=told, finished=True)


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
