"""One post by its address, where the reader may see it."""

from __future__ import annotations

from django.http import Http404

from directory.models import Employee
from feed.models import Post


def find_post(reader: Employee, public_id: str) -> Post:
    """Return the post with thread and author.

    Raises Http404 where there is none, and in as many queries where `reader` may not see it.
    """
    found = Post.objects.select_related("thread", "author").filter(public_id=public_id).first()
    if not reader.has_perm("feed.see_post", found or Post(pk=0)) or found is None:
        raise Http404
    return found
