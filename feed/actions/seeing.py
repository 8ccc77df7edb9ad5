from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.utils import timezone

from directory.models import Employee
from feed.models import VIEWS_KEPT, View

# More posts than this no screen holds.
MOST_AT_ONCE = 50
CHUNK = 10_000

# Only where it is told to members: the organisation has recorded why, the group has it on and is large enough, and the
# reader is a member. Everything else leaves no trace.
SEEN = """
INSERT INTO feed_view (post_id, employee_id, seen_at)
SELECT DISTINCT post.id, %(me)s, now()
FROM feed_post post
JOIN feed_placement place ON place.post_id = post.id AND place.published_at > %(since)s
JOIN groups_group grp ON grp.id = place.group_id AND grp.closed_at IS NULL AND grp.seen_by <> 'off'
JOIN groups_membership me ON me.group_id = grp.id AND me.employee_id = %(me)s
     AND (grp.open_history OR place.published_at >= me.joined_at)
WHERE post.public_id = ANY(%(posts)s) AND post.deleted_at IS NULL AND post.hidden_at IS NULL
      AND EXISTS (SELECT 1 FROM directory_organisation WHERE insight_purpose <> '' AND dpia_reference <> ''
                  AND discussed_with_stewards_date IS NOT NULL)
      AND EXISTS (SELECT 1 FROM groups_membership other WHERE other.group_id = grp.id OFFSET 9)
ON CONFLICT DO NOTHING
"""


def mark_posts_seen(*, actor: Employee, public_ids: Sequence[str]) -> int:
    """Keep that `actor` has had these posts in view, a screenful by one statement; return how many were new.

    Posts where that is not counted, or that `actor` may not read, are passed over.
    """
    wanted = list(public_ids)[:MOST_AT_ONCE]
    with connection.cursor() as cursor:
        cursor.execute(SEEN, {"me": actor.pk, "posts": wanted, "since": timezone.now() - VIEWS_KEPT})
        return int(cursor.rowcount)


def forget_views() -> int:
    """Remove who saw what more than 30 days ago; return how many rows. Safe to repeat, and to end half-way."""
    old = View.objects.filter(seen_at__lt=timezone.now() - VIEWS_KEPT).order_by("seen_at")
    done = 0
    while keys := list(old.values_list("post_id", "employee_id")[:CHUNK]):
        done += View.objects.filter(pk__in=keys).delete()[0]
    return done
