"""Whom a post is told to, and which open pages it wakes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from directory.models import Employee, OrgUnit
from feed.models import PlannedPlacement, Post
from groups.models import Group, Membership
from notifications import live
from notifications.actions import notify, start_fan_out
from notifications.models import Notification

GROUP_JOB = "feed.tell_group"
ALL = Membership.NotificationLevel.ALL


def tell_of_post(post: Post, groups: Iterable[Group]) -> None:
    """Wake the pages of the groups' members, on commit."""
    for group in groups:
        members = Membership.objects.filter(group=group).count()
        data = {"post": post.public_id, "group": group.public_id, "spread": live.spread_over(members)}
        live.publish(channel=f"g:{group.pk}", event="posts", data=data)
        if Membership.objects.filter(group=group, notification_level=ALL).exclude(employee=post.author).exists():
            start_fan_out(job=GROUP_JOB, key=f"{post.pk}:{group.pk}")


def tell_the_line(post: Post, unit: OrgUnit) -> None:
    """Wake the pages of those who work in the unit or below it, on commit, as `tell_of_post` does."""
    people = Employee.objects.active().in_branch(unit.path).count()
    data = {"post": post.public_id, "spread": live.spread_over(people)}
    live.publish(channel=f"l:{unit.pk}", event="posts", data=data)


def tell_of_thanks(post: Post) -> None:
    """Tell the colleague who is thanked, and the colleague's nearest leader where the leader can read it."""
    if not post.thanked:
        return
    event: dict[str, Any] = {"event_key": f"post:{post.pk}", "actor": post.author, "target_id": post.pk}
    notify(kind="thanks", recipients=[post.thanked.pk], **event)
    job = post.thanked.primary_employment
    leader = job.manager if job else None
    if leader and leader != post.thanked and Post.objects.visible_to(leader).filter(pk=post.pk).exists():
        notify(kind="thanks_to_own_people", recipients=[leader.pk], **event)


def tell_moderators(planned: PlannedPlacement) -> None:
    """Tell those who look after the group that a post waits for them."""
    helpers = Membership.objects.filter(group=planned.group).helpers().values_list("employee_id", flat=True)
    key = f"planned:{planned.pk}"
    author = planned.post.author
    notify(kind="post_awaits", recipients=list(helpers[:50]), event_key=key, actor=author, target_id=planned.pk)


def forget_the_asking(planned: PlannedPlacement) -> None:
    """Mark as read that moderators were asked: one of them has decided, or the author took it back."""
    asked = Notification.objects.filter(kind="post_awaits", target_id=planned.pk)
    asked.unread().update(read_at=timezone.now())


def tell_of_decision(planned: PlannedPlacement, actor: Employee | None, *, let_out: bool) -> None:
    """Tell the author that the post was let out, or sent back."""
    author = planned.post.author
    if let_out:
        key, target = f"let_out:{planned.pk}", planned.post_id
        notify(kind="post_let_out", recipients=[author.pk], event_key=key, actor=actor, target_id=target)
        return
    key = f"sent_back:{planned.pk}"
    notify(kind="post_sent_back", recipients=[author.pk], event_key=key, actor=actor, target_id=planned.pk)


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
