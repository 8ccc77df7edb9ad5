"""Who has read what in the demo: a good morning from a leader to the own line, and who has seen posts."""

from __future__ import annotations

import datetime
import random

from conversations.models import Thread
from directory.models import OrgUnit
from feed.models import Placement, Post, View
from groups.models import Group, Membership
from intranet.demo.calendar import Calendar
from intranet.demo.copying import public_ids
from intranet.demo.people import Crowd

GREETING = (
    "God morgen, alle sammen! Takk for innsatsen i helga. Jeg er innom alle lagene denne uka, "
    "så si fra hvis det er noe dere vil vise meg."
)


def write_to_line(crowd: Crowd, calendar: Calendar, chance: random.Random) -> None:
    """Let Kari write to everyone who works in her unit or below it."""
    kari = crowd.by_key["kari"]
    at = calendar.now - datetime.timedelta(minutes=75)
    thread_id, post_id = public_ids(chance, 2)
    thread = Thread.objects.create(public_id=thread_id, owner_kind="post", created_at=at)
    post = Post.objects.create(public_id=post_id, author_id=kari.pk, thread=thread, text=GREETING, created_at=at)
    unit = OrgUnit.objects.get(code=kari.unit.code)
    Placement.objects.create(post=post, unit=unit, published_at=at, placed_by_id=kari.pk)


def see_posts(calendar: Calendar, chance: random.Random) -> None:
    """Let most members have seen the newest posts of groups that tell it."""
    rows = []
    for group in Group.objects.exclude(seen_by=Group.SeenBy.OFF).order_by("pk"):
        members = list(Membership.objects.filter(group=group).order_by("pk").values_list("employee_id", flat=True))
        since = calendar.now - datetime.timedelta(days=29)
        for place in Placement.objects.in_group(group).filter(published_at__gt=since).order_by("pk"):
            seen = chance.sample(members, round(len(members) * chance.uniform(0.6, 0.95)))
            rows += [View(post_id=place.post_id, employee_id=pk, seen_at=calendar.now) for pk in seen]
    View.objects.bulk_create(rows, batch_size=5_000)
