"""What the sweeper does for the feed: posts come out at their time, polls close, views are forgotten; groups go."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from feed import fan_outs, group_files
from feed.actions import close_due_polls, forget_views, publish_due_posts
from feed.actions.removing import remove_posts_standing_only_in
from feed.models import Placement, View
from groups.models import Group
from groups.signals import group_narrowed, groups_purged, names_shown
from notifications.sweeping import purges, rounds

__all__ = ["fan_outs", "group_files"]

rounds.add("feed: posts whose time has come", publish_due_posts)
rounds.add("feed: polls whose time is over", close_due_polls)
purges.add("feed: who saw posts", forget_views)


@receiver(group_narrowed, dispatch_uid="feed")
def group_is_narrowed(sender: Any, group: Group, **extra: Any) -> None:
    """Take what was written there out of where others shared it to: it stays in the group from now."""
    written = Placement.objects.home().filter(group=group)
    elsewhere = Placement.objects.home().open().exclude(group=group)
    shares = Placement.objects.filter(post__in=written.values("post")).exclude(pk__in=Placement.objects.home())
    shares.exclude(post__in=elsewhere.values("post")).delete()


@receiver(names_shown, dispatch_uid="feed")
def names_are_shown(sender: Any, group: Group, **extra: Any) -> None:
    """Forget who saw what while only a number was promised."""
    View.objects.filter(post__placements__group=group).delete()


@receiver(groups_purged, dispatch_uid="feed")
def groups_gone(sender: Any, group_ids: list[int], **extra: Any) -> None:
    """Take with a purged group what stood nowhere else."""
    remove_posts_standing_only_in(group_ids)
