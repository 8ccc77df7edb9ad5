"""«Lagret»: the posts one wants to find again, those saved last first."""

from __future__ import annotations

from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.http import urlencode

from core.pagination import Cursor, Page
from directory.models import Employee
from feed.home import PAGE
from feed.models import Placement, SavedPost
from feed.pages import PostPage
from feed.reading import load_posts


def saved_page(reader: Employee, cursor_text: str = "") -> PostPage:
    """Return a page of what `reader` has saved and may still read."""
    found = read_saved(reader, Cursor.decode(cursor_text), size=PAGE)
    older = f"{reverse('saved_posts')}?{urlencode({'cursor': found.next_cursor})}" if found.next_cursor else ""
    return PostPage(posts=load_posts(reader, found.items), older_url=older)


def read_saved(reader: Employee, cursor: Cursor | None, *, size: int) -> Page[int]:
    """Return where the next saved posts stand that `reader` may still read, by placement id."""
    place = Placement.objects.standing().readable_by(reader).filter(post=OuterRef("post")).order_by("pk")
    saved = SavedPost.objects.filter(employee=reader).annotate(place=Subquery(place.values("pk")[:1]))
    saved = saved.filter(place__isnull=False)
    if cursor:
        saved = saved.filter(Q(created_at__lt=cursor.at) | Q(created_at=cursor.at, pk__lt=cursor.id))
    rows = list(saved.order_by("-created_at", "-pk").values_list("pk", "created_at", "place")[: size + 1])
    older = Cursor(rows[size - 1][1], rows[size - 1][0]).encode() if len(rows) > size else None
    return Page([place for _, _, place in rows[:size]], older)
