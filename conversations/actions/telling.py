"""Whom a comment or reaction is told to, and which open pages it wakes."""

from __future__ import annotations

from collections.abc import Collection

from conversations.models import Comment, Reaction, Thread
from conversations.notification_kinds import places_of
from conversations.owners import owner_of
from directory.models import Employee
from notifications import live
from notifications.actions import notify, take_back


def tell_of_comment(comment: Comment, mentioned: Collection[Employee]) -> None:
    """Tell whoever is answered, once: not also as mentioned. Wake pages that show the thread.

    Many comments on one thing are one line, and so are many answers to one comment.
    """
    told = {person.pk for person in mentioned}
    answered = comment.parent.author_id if comment.parent else None
    owner = owner_of(comment.thread).author_id(comment.thread)
    if answered and answered not in told:
        _notify_of_comment("reply", comment, answered, f"comment:{comment.parent_id}")
    if owner and owner != answered and owner not in told:
        _notify_of_comment("comment", comment, owner, f"thread:{comment.thread_id}")
    tell_threads_page(comment.thread, comment)


def _notify_of_comment(kind: str, comment: Comment, recipient: int, bundle_key: str) -> None:
    notify(
        kind=kind,
        recipients=[recipient],
        event_key=f"comment:{comment.pk}",
        actor=comment.author,
        target_id=comment.pk,
        bundle_key=bundle_key,
        places=places_of(comment.thread),
    )


def tell_of_reaction(reaction: Reaction) -> None:
    """Tell whoever wrote what was reacted to; many reactions to one thing are one line."""
    about = reaction.comment or reaction.thread
    if recipients := _authors(reaction):
        key = _reacted_to(reaction)
        notify(
            kind=_kind_of(reaction),
            recipients=recipients,
            event_key=f"{key}:{reaction.employee_id}",
            actor=reaction.employee,
            target_id=about.pk,
            bundle_key=key,
        )


def take_back_telling(reaction: Reaction) -> None:
    """Tell nobody any more of a reaction that was taken back."""
    key = f"{_reacted_to(reaction)}:{reaction.employee_id}"
    take_back(kind=_kind_of(reaction), event_key=key, recipients=_authors(reaction))


def _kind_of(reaction: Reaction) -> str:
    return "reaction_to_comment" if reaction.comment else "reaction"


def _reacted_to(reaction: Reaction) -> str:
    return f"comment:{reaction.comment_id}" if reaction.comment else f"thread:{reaction.thread_id}"


def _authors(reaction: Reaction) -> list[int]:
    comment, thread = reaction.comment, reaction.thread
    author = comment.author_id if comment else owner_of(thread).author_id(thread)
    return [author] if author else []


def tell_threads_page(thread: Thread, comment: Comment | None = None) -> None:
    """Wake the pages that show `thread`, on commit."""
    data = {"thread": thread.public_id} | ({"comment": comment.public_id} if comment else {})
    channels = owner_of(thread).channels(thread)
    live.publish_many(channels, event="comments", data=data)
