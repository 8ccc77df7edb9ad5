from __future__ import annotations

from conversations.models import Thread


def open_thread(*, owner_kind: str, comments_open: bool = True) -> Thread:
    """Return a new thread for an owner that is about to be stored. The owner's action asks who may."""
    return Thread.objects.create(owner_kind=owner_kind, comments_open=comments_open)


def close_comments(*, thread: Thread) -> None:
    """Let nobody answer any more; what stands stays. The owner's action asks who may."""
    Thread.objects.filter(pk=thread.pk).update(comments_open=False)


def open_comments(*, thread: Thread) -> None:
    """Let people answer again. The owner's action asks who may."""
    Thread.objects.filter(pk=thread.pk).update(comments_open=True)
