"""Comments a page missed while its stream was away."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q

from conversations.models import Comment, Thread
from notifications.catching_up import Away, catch_up_sources


def changed_threads(away: Away) -> list[dict[str, Any]]:
    """One event for each thread on the open pages in which something was said, changed or taken away."""
    if not away.threads:
        return []
    since = away.since
    changed = Q(created_at__gt=since) | Q(edited_at__gt=since) | Q(deleted_at__gt=since) | Q(hidden_at__gt=since)
    comments = Comment.objects.filter(changed, thread=OuterRef("pk"))
    threads = Thread.objects.visible_to(away.reader).filter(Exists(comments), public_id__in=away.threads)
    return [{"type": "comments", "thread": public_id} for public_id in threads.values_list("public_id", flat=True)]


catch_up_sources.add("comments", changed_threads)
