"""A post comes out: it takes its places, and those it is for are told."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils import timezone

from conversations.actions import record_mentions
from directory.models import OrgUnit
from feed.actions.telling import tell_of_post, tell_of_thanks, tell_the_line
from feed.models import Placement, Post
from groups.models import Group
from groups.signals import posted_in_group


def place_post(post: Post, groups: Sequence[Group], *, mentioned: Collection[str] = ()) -> None:
    """Let `post` stand in `groups` from now, tell those it names and thanks, and wake the members' open pages.

    Rights have been looked at. Part of the transaction that decides.
    """
    now = _come_out(post)
    Placement.objects.bulk_create(
        [Placement(post=post, group=group, published_at=now, placed_by=post.author) for group in groups],
        ignore_conflicts=True,
    )
    record_mentions(actor=post.author, thread=post.thread, comment=None, text=post.text, chosen=mentioned)
    tell_of_thanks(post)
    tell_of_post(post, groups)
    transaction.on_commit(
        lambda: posted_in_group.send_robust(sender=Group, employee=post.author, group=groups[0] if groups else None)
    )


def place_on_line(post: Post, unit: OrgUnit, *, mentioned: Collection[str] = ()) -> None:
    """Let `post` stand before everyone who works in `unit` or below it, as `place_post` does in groups."""
    now = _come_out(post)
    Placement.objects.create(post=post, unit=unit, published_at=now, placed_by=post.author)
    record_mentions(actor=post.author, thread=post.thread, comment=None, text=post.text, chosen=mentioned)
    tell_of_thanks(post)
    tell_the_line(post, unit)


def _come_out(post: Post) -> datetime.datetime:
    """Return now. A post that has waited is as old as its coming out, wherever posts are told in order."""
    now = timezone.now()
    if not post.placements.exists():
        Post.objects.filter(pk=post.pk).update(created_at=now)
        post.created_at = now
    return now
