"""The demo's polls, what waits for its time or for a moderator, and what somebody has saved."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.db.models import Count

from conversations.models import Thread
from feed.models import PlannedPlacement, Poll, PollOption, Post, SavedPost, Vote
from groups.models import Group, Membership
from intranet.demo.calendar import Calendar
from intranet.demo.people import Crowd
from intranet.demo.posting import Scribe

# Of a group's members so many per cent have answered.
TURNOUT = 66


def write_polls(scribe: Scribe, threads: dict[str, int], written: Sequence[dict[str, Any]]) -> None:
    """Store the polls of what was written by hand; members answer as the shares say."""
    for entry in written:
        if "poll" in entry:
            post = Post.objects.get(thread=threads[entry["id"]])
            group = post.placements.values_list("group_id", flat=True)[0]
            _write_poll(scribe, post, entry["poll"], scribe.readers.get(group or 0, []))


def _write_poll(scribe: Scribe, post: Post, asked: dict[str, Any], members: list[int]) -> None:
    calendar = scribe.calendar
    poll = Poll.objects.create(post=post, several=asked.get("several", False), votes=asked["votes"])
    if asked.get("closed"):
        poll.closes_at = poll.closed_at = post.created_at + datetime.timedelta(days=5)
    else:
        day = calendar.today + datetime.timedelta(days=asked["closes_in_days"])
        poll.closes_at = datetime.datetime.combine(day, datetime.time(12), tzinfo=calendar.zone)
    poll.save()
    voters = scribe.chance.sample(members, max(1, len(members) * TURNOUT // 100)) if members else []
    everyone = len(voters)
    votes: list[Vote] = []
    for place, one in enumerate(asked["options"], 1):
        option = PollOption.objects.create(poll=poll, text=one["text"], position=place)
        number = round(everyone * one["share"] / 100)
        if poll.votes == Poll.Votes.ANONYMOUS:
            option.anonymous_votes = number
            option.save()
        elif poll.several:
            chosen = scribe.chance.sample(voters, number)
            votes += [Vote(option=option, employee_id=pk, created_at=post.created_at) for pk in chosen]
        else:
            last = place == len(asked["options"])
            chosen, voters = (voters, []) if last else (voters[:number], voters[number:])
            votes += [Vote(option=option, employee_id=pk, created_at=post.created_at) for pk in chosen]
    Vote.objects.bulk_create(votes)


def write_waiting(crowd: Crowd, groups: dict[str, Group], calendar: Calendar) -> None:
    """Let Kari have a post that comes out tomorrow, and somebody else one that waits for a moderator."""
    kari, amina = crowd.by_key["kari"].pk, crowd.by_key["amina"].pk
    tomorrow = calendar.today + datetime.timedelta(days=1)
    morning = datetime.datetime.combine(tomorrow, datetime.time(7, 30), tzinfo=calendar.zone)
    _plan(kari, groups["hta"], "God morgen! Husk at fagtimen i dag begynner klokka 13.30 på vaktrommet.", morning)
    careful = groups["kurs"]
    Group.objects.filter(pk=careful.pk).update(approves_posts=True)
    members = Membership.objects.filter(group=careful, role=Membership.Role.MEMBER).order_by("pk")
    if writer := members.exclude(employee__in=[amina, kari]).values_list("employee_id", flat=True).first():
        _plan(writer, careful, "Er det flere plasser på førstehjelpskurset før jul? Vi er to som gjerne vil.", None)
    mine = Post.objects.filter(placements__group__memberships__employee=amina).exclude(author=amina)
    liked = mine.annotate(number=Count("thread__reactions")).order_by("-number", "pk").values_list("pk", flat=True)[:3]
    SavedPost.objects.bulk_create([SavedPost(employee_id=amina, post_id=pk, created_at=calendar.now) for pk in liked])


def _plan(author: int, group: Group, text: str, at: datetime.datetime | None) -> None:
    post = Post.objects.create(author_id=author, thread=Thread.objects.create(owner_kind="post"), text=text)
    PlannedPlacement.objects.create(post=post, group=group, publish_at=at, needs_approval=at is None)
