"""What waits in Amina's inbox: told by the very functions that tell it when it happens, then put on its time."""

from __future__ import annotations

import datetime

from django.db.models import Q

from conversations.actions import react, record_mentions
from conversations.actions.telling import tell_of_comment, tell_of_reaction
from conversations.models import Comment, Reaction
from directory.models import Employee
from feed.actions.telling import tell_of_thanks
from feed.models import Post
from intranet.demo.calendar import Calendar
from intranet.demo.people import Crowd
from notifications.actions import mark_read
from notifications.models import Delivery, Notification

# The posts of which something is told, by their keys; a few, since each thing is told by itself.
TOLD = ("fagbrev", "broyting", "hta-006", "hta-009")
LIKED = "hta-009"
# Whoever reads Tunet has read what is older.
READ_AFTER = datetime.timedelta(hours=12)


def write_notifications(crowd: Crowd, calendar: Calendar, threads: dict[str, int]) -> None:
    """Let Amina know who answered, named, thanked and liked her in a few posts; what is older has been read."""
    stories = [threads[key] for key in TOLD]
    amina = crowd.by_key["amina"].pk
    _tell_of_comments(amina, stories)
    _tell_of_thanks(amina, stories)
    _tell_of_reactions(amina, threads[LIKED], crowd, calendar)
    for entry in Notification.objects.filter(created_at__lt=calendar.now - READ_AFTER).select_related("recipient"):
        mark_read(reader=entry.recipient, notification=entry)
    # All of it happened a while ago: nobody is sent it now.
    Delivery.objects.all().delete()


def _tell_of_comments(amina: int, stories: list[int]) -> None:
    to_her = Q(parent__author=amina) | Q(mentions__employee=amina)
    to_her |= Q(thread__in=Post.objects.filter(author=amina).values("thread"))
    comments = Comment.objects.filter(to_her, thread__in=stories).exclude(author=amina).distinct()
    for comment in comments.select_related("thread", "author", "parent").order_by("created_at", "pk"):
        named = record_mentions(actor=comment.author, thread=comment.thread, comment=comment, text=comment.text)
        tell_of_comment(comment, named)
        _put_at(comment.created_at, f"comment:{comment.pk}")


def _tell_of_thanks(amina: int, stories: list[int]) -> None:
    for post in Post.objects.filter(thread__in=stories, thanked=amina).select_related("author", "thanked"):
        tell_of_thanks(post)
        _put_at(post.created_at, f"post:{post.pk}")


def _tell_of_reactions(amina: int, thread: int, crowd: Crowd, calendar: Calendar) -> None:
    """Tell of everybody who likes what she answered there; Ritu is the last to."""
    ritu = Employee.objects.get(pk=crowd.by_key["ritu"].pk)
    for comment in Comment.objects.select_related("thread").filter(thread=thread, author=amina):
        last = react(actor=ritu, thread=comment.thread, comment=comment, kind=Reaction.Kind.LIKE)
        Reaction.objects.filter(pk=last.pk).update(created_at=calendar.now - datetime.timedelta(minutes=2))
        for reaction in Reaction.objects.filter(comment=comment).select_related("employee", "comment"):
            tell_of_reaction(reaction)
            _put_at(reaction.created_at, f"comment:{comment.pk}:{reaction.employee_id}")


def _put_at(moment: datetime.datetime, event_key: str) -> None:
    Notification.objects.filter(event_key=event_key).update(created_at=moment)
