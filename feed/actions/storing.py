from __future__ import annotations

import datetime
from collections.abc import Sequence

from conversations.actions import add_attachment, open_thread
from conversations.files import StoredFile
from directory.models import Employee
from feed.actions.polls import PollFacts, add_poll
from feed.models import Post


def store_post(
    *,
    author: Employee,
    kind: str,
    text: str,
    thanked: Employee | None,
    files: Sequence[StoredFile],
    poll: PollFacts | None,
    ends_at: datetime.datetime | None,
) -> Post:
    """Store a post with its thread, poll and files, and return it; it stands nowhere yet.

    Everything has been checked. Part of the transaction that publishes or plans it.
    """
    thread = open_thread(owner_kind="post")
    facts = {"kind": kind, "text": text, "thanked": thanked, "language": author.language, "ends_at": ends_at}
    post = Post.objects.create(author=author, thread=thread, **facts)
    if poll:
        add_poll(post, poll)
    add_files(post, files)
    return post


def add_files(post: Post, files: Sequence[StoredFile]) -> None:
    """Attach files to the post, after those it has."""
    first = post.thread.attachments.filter(comment=None).count()
    for position, stored in enumerate(files, first):
        add_attachment(actor=post.author, thread=post.thread, stored=stored, position=position)
