"""Posts a page missed while its stream was away."""

from __future__ import annotations

from typing import Any

from feed.models import Placement
from notifications.catching_up import Away, catch_up_sources


def new_posts(away: Away) -> list[dict[str, Any]]:
    """One event when others have posted in the reader's feed: the page then counts them itself."""
    places = Placement.objects.in_feed_of(away.reader).filter(published_at__gt=away.since)
    return [{"type": "posts"}] if places.exclude(post__author=away.reader).exists() else []


catch_up_sources.add("posts", new_posts)
