"""How many posts are new to a person in a group: what the frame of every page tells beside the group's name."""

from __future__ import annotations

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Func, IntegerField, OuterRef, Q
from django.db.models.functions import Coalesce, Now

from feed.models import Placement

# More are not counted: the probe of each group reads no further than this.
MOST_COUNTED = 100


def unread_count() -> Func:
    """Return an expression on memberships: how many posts of others are newer than the member's mark.

    At most `MOST_COUNTED`. It asks for no query of its own, and reads the index of the newest in a group.
    """
    newer = Q(published_at__gt=Coalesce(OuterRef("read_until"), OuterRef("joined_at")), published_at__lte=Now())
    there = Placement.objects.standing().unended().filter(newer, group=OuterRef("group"))
    others = there.exclude(placed_by=OuterRef("employee")).order_by("-published_at", "-pk").values("pk")
    return Func(ArraySubquery(others[:MOST_COUNTED]), function="cardinality", output_field=IntegerField())
