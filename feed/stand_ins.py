"""«Trenger vikar»: a group's posts that ask for a stand-in, those still open or those filled."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from feed.models import Post
from feed.querysets import PlacementQuerySet
from groups.models import Group

WANTED, FILLED = "open", "filled"
STATES = (WANTED, FILLED)


def asking_for_stand_in(places: PlacementQuerySet, state: str) -> PlacementQuerySet:
    """Keep those of posts that ask for a stand-in: still (`open`) or not any more (`filled`)."""
    return places.filter(post__kind=Post.Kind.STAND_IN, post__filled_at__isnull=state == WANTED)


def stand_in_pills(group: Group, state: str) -> list[dict[str, Any]]:
    """Return the choices above a group's posts: all, stand-in needed, stand-in found."""
    address = group.get_absolute_url()
    names = {"": _("All posts"), WANTED: _("Stand-in needed"), FILLED: _("Stand-in found")}
    return [
        {"name": name, "url": f"{address}?stand_in={key}" if key else address, "active": key == state}
        for key, name in names.items()
    ]
