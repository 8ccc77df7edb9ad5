"""Posts, in the search over everything."""

from __future__ import annotations

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.search import Hit, search_source
from core.text import plain_text
from core.times import told_ago
from directory.models import Employee
from feed.models import Placement

MOST_WORDS = 8


@search_source("posts", 40, label=_("Posts"))
def find_posts(employee: Employee, text: str, limit: int) -> list[Hit]:
    """Posts that hold every word, newest first, each once, in groups the employee may read."""
    wanted = Q()
    for word in text.split()[:MOST_WORDS]:
        wanted &= Q(post__text__icontains=word)
    places = Placement.objects.standing().readable_by(employee).home().filter(wanted)
    found = places.select_related("post__author", "group", "unit").order_by("-published_at", "-pk")[: limit * 2]
    once = {place.post_id: place for place in reversed(found)}
    return [_hit(place) for place in sorted(once.values(), key=lambda place: place.published_at, reverse=True)[:limit]]


def _hit(place: Placement) -> Hit:
    author = place.post.author
    line = f"{author.display_name} · {place.place_name} · {told_ago(place.published_at, timezone.now())}"
    title = plain_text(place.post.text, length=90) or author.display_name
    return Hit(title, line, place.post.get_absolute_url(), author.photo_url_96, icon="Chat")
