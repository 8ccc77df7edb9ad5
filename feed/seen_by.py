"""«Sett av 58 av 64»: how many members have had a post in view, and, where a small closed group wants it, who."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from core.policies import allowed
from directory.models import Employee, Organisation
from feed.models import VIEWS_KEPT, Placement, Post
from groups.models import Group

FEWEST_COUNTED, MOST_NAMED = 10, 250
# In larger groups those who have left meanwhile are counted along, so that the index alone answers.
COUNTED_EXACTLY = 1_000

COUNTS = """
WITH place AS MATERIALIZED (
    SELECT place.id, place.post_id, place.group_id
    FROM feed_placement place
    JOIN groups_group grp ON grp.id = place.group_id AND grp.closed_at IS NULL AND grp.seen_by <> 'off'
    JOIN groups_membership me ON me.group_id = grp.id AND me.employee_id = %(me)s
    WHERE place.id = ANY(%(places)s) AND place.published_at > %(since)s
          AND EXISTS (SELECT 1 FROM directory_organisation WHERE insight_purpose <> '' AND dpia_reference <> ''
                      AND discussed_with_stewards_date IS NOT NULL)
),
members AS MATERIALIZED (
    SELECT member.group_id, count(*) AS number
    FROM groups_membership member
    JOIN directory_employee person ON person.id = member.employee_id AND person.is_active
    WHERE member.group_id IN (SELECT group_id FROM place) GROUP BY member.group_id
)
SELECT place.id, members.number, CASE WHEN members.number <= %(exactly)s THEN (
    SELECT count(*) FROM feed_view view
    JOIN groups_membership member ON member.group_id = place.group_id AND member.employee_id = view.employee_id
    JOIN directory_employee person ON person.id = view.employee_id AND person.is_active
    WHERE view.post_id = place.post_id
) ELSE (SELECT count(*) FROM feed_view view WHERE view.post_id = place.post_id) END
FROM place JOIN members ON members.group_id = place.group_id WHERE members.number >= %(fewest)s
"""


@dataclass(frozen=True)
class SeenBy:
    """How many of how many; `url` leads to their names where those are shown."""

    seen: int
    members: int
    url: str = ""


def count_seen(reader: Employee, placements: Sequence[Placement]) -> dict[int, SeenBy]:
    """Return who has seen these posts, by placement id, where `reader` is told of it: one query, or none."""
    told = {place.pk: place for place in placements if place.group and place.group.seen_by != Group.SeenBy.OFF}
    if not told:
        return {}
    facts: dict[str, Any] = {"me": reader.pk, "places": list(told), "since": timezone.now() - VIEWS_KEPT}
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, facts | {"exactly": COUNTED_EXACTLY, "fewest": FEWEST_COUNTED})
        rows = cursor.fetchall()
    return {pk: SeenBy(min(seen, members), members, _url(told[pk], members)) for pk, members, seen in rows}


def _url(place: Placement, members: int) -> str:
    group = place.group
    named = group and group.seen_by == Group.SeenBy.NAMES and group.privacy != Group.Privacy.OPEN
    return reverse("post_readers", args=[place.post.public_id]) if named and members <= MOST_NAMED else ""


def named_readers(reader: Employee, post: Post) -> tuple[SeenBy, list[Employee]] | None:
    """Return the members who have seen `post`, by name, with their number; None where they are not named."""
    if not Organisation.load().may_measure:
        return None
    places = allowed(Placement.objects.standing().readable_by(reader), reader, "feed.see_readers").filter(post=post)
    place = places.select_related("group", "post").first()
    seen = count_seen(reader, [place]).get(place.pk) if place else None
    if place is None or seen is None or not seen.url:
        return None
    members = Employee.objects.active().filter(memberships__group=place.group_id)
    people = members.filter(pk__in=post.views.values("employee_id")).with_job().order_by("protected", "sort_key", "pk")
    return seen, list(people[:MOST_NAMED])
