from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from conversations.actions.removing import remove_threads
from feed.models import Placement, PlannedPlacement, Post

AT_ONCE = 500


def remove_posts_standing_only_in(group_ids: Collection[int]) -> int:
    """Remove for good the posts that stand, or wait, in none but these groups; return how many."""
    here = Q(group__in=group_ids)
    of_post = {"post": OuterRef("pk")}
    placed, planned = Placement.objects.filter(**of_post), PlannedPlacement.objects.filter(**of_post)
    stands_here = Q(Exists(placed.filter(here))) | Q(Exists(planned.filter(here)))
    elsewhere = Q(Exists(placed.exclude(here))) | Q(Exists(planned.exclude(here)))
    removed = 0
    while rows := list(Post.objects.filter(stands_here).exclude(elsewhere).values_list("pk", "thread_id")[:AT_ONCE]):
        with transaction.atomic():
            Post.objects.filter(pk__in=[pk for pk, _ in rows]).delete()
            remove_threads(thread for _, thread in rows)
        removed += len(rows)
    return removed
