"""Pages of posts, ready to draw: the home feed in its three forms, a group's posts, a person's."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise

from django.db.models import Q
from django.urls import reverse
from django.utils.http import urlencode

from core.pagination import Cursor
from directory.models import Employee
from feed.cursors import FeedCursor
from feed.home import PAGE, Mentioned, read_feed
from feed.leaders import leader_placements
from feed.models import Placement
from feed.querysets import PlacementQuerySet
from feed.reading import PostView, load_posts
from feed.since import new_since, seen_since
from feed.stand_ins import asking_for_stand_in
from groups.models import Group

FOR_YOU, NEWEST, LEADERS = "for-you", "newest", "leaders"
FORMS = (FOR_YOU, NEWEST, LEADERS)
MOST_EMPTY = 20
MOST_VISITED, MOST_DISCOVERED = 6, 5


@dataclass
class PostPage:
    """Some posts and the address of those after them."""

    posts: list[PostView] = field(default_factory=list)
    older_url: str = ""
    pinned: list[PostView] = field(default_factory=list)
    mentions: list[Mentioned] = field(default_factory=list)
    moment: datetime.datetime | None = None
    # Which placements are new.
    new: set[int] = field(default_factory=set)
    # When I was last here, as far as my markers tell.
    seen_until: datetime.datetime | None = None

    @property
    def new_since(self) -> str:
        """«Nytt siden i går», above posts that are new."""
        return new_since(self.seen_until) if self.posts and self.posts[0].placement.pk in self.new else ""

    @cached_property
    def last_new(self) -> int | None:
        """The last new placement that something older follows."""
        ids = [view.placement.pk for view in self.posts]
        return next(
            (pk for pk, after in reversed(list(pairwise(ids))) if pk in self.new and after not in self.new), None
        )

    @property
    def seen_since(self) -> str:
        """«Du har sett alt nytt siden i går.», where the new ones end."""
        return seen_since(self.seen_until)


def home_page(reader: Employee, form: str, cursor_text: str = "", *, mark: bool = False) -> PostPage:
    """Return a page of the home feed in `form`: for you, newest first, or from leaders.

    With `mark` the reader has it before their eyes: what it passes counts as read.
    """
    if form == LEADERS:
        return _leaders_page(reader, cursor_text)
    cursor = FeedCursor.decode(cursor_text)
    found = read_feed(reader, cursor, unread_first=form == FOR_YOU, mark=mark)
    # Where all of a page has been deleted or has ended, what follows is shown at once.
    for _ in range(MOST_EMPTY):
        if found.placement_ids or found.next_cursor is None:
            break
        found = replace(read_feed(reader, found.next_cursor, unread_first=form == FOR_YOU), mentions=found.mentions)
    posts = load_posts(reader, found.placement_ids)
    older = found.next_cursor.encode() if found.next_cursor else ""
    return PostPage(
        posts=posts,
        older_url=_older(reverse("older_posts"), feed=form, cursor=older),
        mentions=found.mentions,
        moment=cursor.moment,
        new=_of_others(reader, posts, found.unread_ids),
        seen_until=max((found.behind or cursor.markers).values(), default=None),
    )


def group_page(
    reader: Employee,
    group: Group,
    cursor_text: str = "",
    seen_until: datetime.datetime | None = None,
    stand_in: str = "",
) -> PostPage:
    """Return a page of a group's posts, newest first; page 1 brings the pinned ones, which stand on top only.

    With `stand_in` ("open" or "filled") only those that ask for one, pinned or not.
    """
    cursor = Cursor.decode(cursor_text)
    places = Placement.objects.in_group(group).readable_by(reader)
    if stand_in:
        places = asking_for_stand_in(places, stand_in)
    pinned = [] if cursor or stand_in else list(places.pinned().values_list("pk", flat=True))
    rest = _before(places if stand_in else places.filter(pinned_at__isnull=True), cursor)[: PAGE + 1]
    rows = list(rest.values_list("pk", "published_at"))
    ids = [pk for pk, _ in rows[:PAGE]]
    new = {pk for pk, at in rows if seen_until and at > seen_until}
    views = load_posts(reader, [*pinned, *ids], in_group=True, seen=True)
    posts = [view for view in views if view.placement.pk not in pinned]
    address = reverse("older_group_posts", args=[group.public_id])
    older = Cursor(rows[PAGE - 1][1], rows[PAGE - 1][0]).encode() if len(rows) > PAGE else ""
    return PostPage(
        posts=posts,
        pinned=[view for view in views if view.placement.pk in pinned],
        older_url=_older(address, cursor=older, **({"stand_in": stand_in} if stand_in else {})),
        new=_of_others(reader, posts, new),
        seen_until=seen_until,
    )


def discover_page(reader: Employee) -> PostPage:
    """Return what is new in open groups `reader` is not in: for a feed that would be empty."""
    near = list(Group.objects.suggested_to(reader).values_list("pk", flat=True)[:MOST_VISITED])
    others = Group.objects.live().filter(privacy=Group.Privacy.OPEN, sensitive=False)
    groups = near or list(others.order_by("pk").values_list("pk", flat=True)[:MOST_VISITED])
    places = Placement.objects.standing().unended().open().home().filter(group__in=groups)
    newest = list(places.order_by("-published_at", "-pk").values_list("pk", flat=True)[:MOST_DISCOVERED])
    return PostPage(posts=load_posts(reader, newest))


def person_page(reader: Employee, author: Employee, *, size: int = 5) -> PostPage:
    """Return the newest posts of `author` that `reader` may read."""
    places = Placement.objects.standing().unended().readable_by(reader).home().filter(post__author=author)
    ids: dict[int, int] = {}
    for pk, post in places.order_by("-published_at", "-pk").values_list("pk", "post_id")[: size * 4]:
        ids.setdefault(post, pk)
    return PostPage(posts=load_posts(reader, list(ids.values())[:size]))


def _leaders_page(reader: Employee, cursor_text: str) -> PostPage:
    rows = leader_placements(reader, Cursor.decode(cursor_text), size=PAGE)
    posts = load_posts(reader, [row.pk for row in rows[:PAGE]])
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    older = Cursor(last.published_at, last.pk).encode() if last else ""
    return PostPage(posts=posts, older_url=_older(reverse("older_posts"), feed=LEADERS, cursor=older))


def _of_others(reader: Employee, posts: list[PostView], new: set[int]) -> set[int]:
    """Return which of the new ones are news to `reader`: nobody's own post is."""
    return {view.placement.pk for view in posts if view.placement.pk in new and view.post.author_id != reader.pk}


def _before(places: PlacementQuerySet, cursor: Cursor | None) -> PlacementQuerySet:
    if cursor is None:
        return places
    return places.filter(Q(published_at__lt=cursor.at) | Q(published_at=cursor.at, pk__lt=cursor.id))


def _older(address: str, *, cursor: str, **query: str) -> str:
    return f"{address}?{urlencode({**query, 'cursor': cursor})}" if cursor else ""
