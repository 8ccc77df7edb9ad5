"""Important messages a page missed while its stream was away."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from notifications.catching_up import Away, catch_up_sources


def changed_announcements(away: Away) -> list[dict[str, Any]]:
    """One event when something came on top for the reader, was taken back, or was read on another device."""
    since = away.since
    told = Q(announcement__published_at__gt=since) | Q(announcement__withdrawn_at__gt=since)
    changed = away.reader.receipts.filter(told | Q(seen_at__gt=since) | Q(acknowledged_at__gt=since))
    return [{"type": "announcement"}] if changed.exists() else []


catch_up_sources.add("announcements", changed_announcements)
