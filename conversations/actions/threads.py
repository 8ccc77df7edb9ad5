from __future__ import annotations

from conversations.actions.telling import tell_threads_page
from conversations.models import Thread
from core.errors import require
from directory.models import Employee


def open_thread(*, owner_kind: str, comments_open: bool = True) -> Thread:
    """Return a new thread for an owner that is about to be stored. The owner's action asks who may."""
    return Thread.objects.create(owner_kind=owner_kind, comments_open=comments_open)


def close_comments(*, actor: Employee, thread: Thread) -> None:
    """Let nobody answer any more; what stands stays. Raises PermissionDenied."""
    _set_open(actor, thread, is_open=False)


def open_comments(*, actor: Employee, thread: Thread) -> None:
    """Let people answer again. Raises PermissionDenied."""
    _set_open(actor, thread, is_open=True)


def _set_open(actor: Employee, thread: Thread, *, is_open: bool) -> None:
    require(actor.has_perm("conversations.close_comments", thread))
    Thread.objects.filter(pk=thread.pk).update(comments_open=is_open)
    tell_threads_page(thread)
