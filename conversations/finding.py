"""One thread or comment by its address, where the reader may see it."""

from __future__ import annotations

from django.http import Http404

from conversations.models import Comment, Thread
from directory.models import Employee


def find_thread(reader: Employee, public_id: str) -> Thread:
    """Return the thread. Raises Http404 where there is none, and in as many queries where `reader` may not see it."""
    found = Thread.objects.filter(public_id=public_id).first()
    if not reader.has_perm("conversations.see", found or Thread(pk=0)) or found is None:
        raise Http404
    return found


def find_comment(reader: Employee, public_id: str, *, deleted: bool = False) -> Comment:
    """Return the comment with thread, author and what it replies to; one that does not stand only if `deleted`.

    Raises Http404 like `find_thread`.
    """
    comments = Comment.objects.all() if deleted else Comment.objects.standing()
    found = comments.select_related("thread", "author", "parent").filter(public_id=public_id).first()
    if not reader.has_perm("conversations.see", found.thread if found else Thread(pk=0)) or found is None:
        raise Http404
    return found
