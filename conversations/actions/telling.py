"""Whom a comment or reaction is told to, and which open pages it wakes."""

from __future__ import annotations

from collections.abc import Collection

from conversations.models import Comment, Reaction, Thread
from conversations.notification_kinds import places_of
from conversations.owners import owner_of
from directory.models import Employee
from notifications import live
from notifications.actions import notify


def tell_of_comment(comment: Comment, mentioned: Collection[Employee]) -> None:
    """Tell whoever is answered, once: not also as mentioned. Wake pages that show the thread."""
    told = {person.pk for person in mentioned}
    answered = comment.parent.author_id if comment.parent else None
    owner = owner_of(comment.thread).author_id(comment.thread)
    if answered and answered not in told:
        _notify_of_comment("reply", comment, answered)
    if owner and owner != answered and owner not in told:
        _notify_of_comment("comment", comment, owner)
    tell_threads_page(comment.thread, comment)


def _notify_of_comment(kind: str, comment: Comment, recipient: int) -> None:
    notify(
        kind=kind,
        recipients=[recipient],
        event_key=f"comment:{comment.pk}",
        actor=comment.author,
        target_id=comment.pk,
        places=places_of(comment.thread),
    )


def tell_of_reaction(reaction: Reaction) -> None:
    """Tell whoever wrote what was reacted to; many reactions to one thing are one line."""
    comment = reaction.comment
    recipient = comment.author_id if comment else owner_of(reaction.thread).author_id(reaction.thread)
    if not recipient:
        return
    target = f"comment:{comment.pk}" if comment else f"thread:{reaction.thread_id}"
    notify(
        kind="reaction_to_comment" if comment else "reaction",
        recipients=[recipient],
        event_key=f"{target}:{reaction.employee_id}",
        actor=reaction.employee,
        target_id=comment.pk if comment else reaction.thread_id,
        bundle_key=target,
    )


def tell_threads_page(thread: Thread, comment: Comment | None = None) -> None:
    """Wake the pages that show `thread`, on commit."""
    data = {"thread": thread.public_id} | ({"comment": comment.public_id} if comment else {})
    channels = owner_of(thread).channels(thread)
    live.publish_many(channels, event="comments", data=data)
