"""New posts in the reader's groups, counted for the summary by e-mail: how many and where, never what they say."""

from __future__ import annotations

from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import ngettext

from directory.models import Employee
from feed.models import Placement
from groups.models import Group, Membership
from groups.notification_kinds import address_outside, name_outside
from notifications.digests.reading import DigestLine, Stretch, digest_sources

MOST_GROUPS = 10


def posts_in_groups(reader: Employee, stretch: Stretch, reveal: bool) -> list[DigestLine]:
    """Return a line for each of the reader's groups with posts of others in the stretch that they have not read."""
    # Who hears of every post has an entry for each; who wants quiet is told of none.
    mine = Q(
        group__memberships__employee=reader,
        group__memberships__muted_at__isnull=True,
        group__memberships__notification_level=Membership.NotificationLevel.IMPORTANT,
        published_at__gt=Coalesce(F("group__memberships__read_until"), F("group__memberships__joined_at")),
    )
    new = Placement.objects.readable_by(reader).standing().unended().filter(mine)
    new = new.filter(published_at__gt=stretch.since, published_at__lte=stretch.until).exclude(placed_by=reader)
    counted = new.order_by().values_list("group").annotate(count=Count("pk")).order_by("-count", "group")
    counts = dict(counted[:MOST_GROUPS])
    groups = Group.objects.in_bulk(counts)
    return [_line(groups[pk], count, reveal) for pk, count in counts.items() if pk in groups]


def _line(group: Group, count: int, reveal: bool) -> DigestLine:
    told = {"count": count, "group": name_outside(group, reveal=reveal)}
    text = ngettext("%(count)d new post in %(group)s", "%(count)d new posts in %(group)s", count) % told
    return DigestLine(text, address_outside(group))


digest_sources.add("feed", posts_in_groups)
