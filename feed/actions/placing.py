"""A post comes out: it takes its places, and those it is for are told."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils import timezone

from conversations.actions import record_mentions
from feed.actions.telling import tell_of_post, tell_of_thanks
from feed.models import Placement, Post
from groups.models import Group
from groups.signals import posted_in_group


def place_post(post: Post, groups: Sequence[Group], *, mentioned: Collection[str] = ()) -> None:
    """Let `post` stand in `groups` from now, tell those it names and thanks, and wake the members' open pages.

    Rights have been looked at. Part of the transaction that decides.
    """
    now = timezone.now()
    if not post.placements.exists():
        # One that has waited is as old as its coming out, wherever posts are told in order.
        Post.objects.filter(pk=post.pk).update(created_at=now)
        post.created_at = now
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
