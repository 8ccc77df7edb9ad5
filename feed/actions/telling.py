"""Whom a post is told to, and which open pages it wakes."""

from __future__ import annotations

from collections.abc import Iterable

from directory.models import Employee
from feed.models import Post
from groups.models import Group, Membership
from notifications import live
from notifications.actions import notify

# The pages of 1,000 members more ask over one second more: not all of them at once.
MEMBERS_A_SECOND, LONGEST_WAIT = 1_000, 30


def tell_of_post(post: Post, groups: Iterable[Group]) -> None:
    """Wake the pages of the groups' members, on commit; each page waits a part of `wait` seconds before it asks."""
    for group in groups:
        members = Membership.objects.filter(group=group).count()
        wait = min(LONGEST_WAIT, members / MEMBERS_A_SECOND)
        data = {"post": post.public_id, "group": group.public_id, "wait": wait}
        live.publish(channel=f"g:{group.pk}", event="posts", data=data)


def tell_of_thanks(post: Post) -> None:
    """Tell the colleague who is thanked."""
    if post.thanked:
        notify(
            kind="thanks",
            recipients=[post.thanked.pk],
            event_key=f"post:{post.pk}",
            actor=post.author,
            target_id=post.pk,
        )


def tell_of_accepted_answer(post: Post, actor: Employee) -> None:
    """Tell whoever gave the answer that settled a question."""
    if post.accepted_answer:
        notify(
            kind="accepted_answer",
            recipients=[post.accepted_answer.author_id],
            event_key=f"comment:{post.accepted_answer.pk}",
            actor=actor,
            target_id=post.pk,
        )
