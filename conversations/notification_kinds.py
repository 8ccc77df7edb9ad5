"""What threads tell people: an answer, a reply, being named, reactions."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy

from conversations.models import Comment, Mention, Report, Thread
from conversations.owners import owner_of, standings_of, urls_of
from core.text import plain_text
from directory.models import Employee
from notifications.kinds import Bundle, NotificationKind, Standing, notification_kind

WAIT = datetime.timedelta(hours=4)
AT_ONCE = datetime.timedelta(0)
NOWHERE = Standing()


@dataclass
class CommentTarget:
    """A comment and the address that leads to it."""

    comment: Comment
    url: str
    names_reader: bool = False
    standing: Standing = NOWHERE

    @property
    def text(self) -> str:
        return plain_text(self.comment.text, length=120)

    @property
    def whole_text(self) -> str:
        return self.comment.text


@dataclass
class ThreadTarget:
    """What a thread belongs to, by its address."""

    thread: Thread
    url: str
    names_reader: bool = False
    standing: Standing = NOWHERE

    @property
    def text(self) -> str:
        return plain_text(self.standing.words, length=120)

    @property
    def whole_text(self) -> str:
        return self.standing.words


class CommentKind(NotificationKind[CommentTarget]):
    """About one comment, as long as the reader may see it."""

    templates = "conversations/notifications"
    icon = "Chat"

    def visible_targets(self, reader: Employee, ids: Collection[int]) -> dict[int, CommentTarget]:
        names = Exists(Mention.objects.filter(comment=OuterRef("pk"), employee=reader))
        comments: Any = Comment.objects.visible_to(reader).filter(pk__in=ids).annotate(names=names)
        comments = comments.select_related("thread", "author")
        threads = [comment.thread for comment in comments]
        urls, stand = urls_of(threads), standings_of(threads, reader)
        return {
            each.pk: CommentTarget(each, _to_comment(urls[each.thread_id], each), each.names, stand[each.thread_id])
            for each in comments
        }

    def url(self, bundle: Bundle, target: CommentTarget) -> str:
        return target.url

    def is_closed(self, target: CommentTarget) -> bool:
        return owner_of(target.comment.thread).is_closed(target.comment.thread)

    def conversation(self, bundle: Bundle, target: CommentTarget) -> str:
        return conversation_of(target.comment.thread)

    def standing(self, reader: Employee, target: CommentTarget) -> Standing:
        return target.standing

    def quoted(self, target: CommentTarget) -> str:
        return target.whole_text

    def places(self, target: CommentTarget) -> Collection[str]:
        return places_of(target.comment.thread)


class ThreadKind(NotificationKind[ThreadTarget]):
    """About what a thread belongs to, as long as the reader may see it."""

    templates = "conversations/notifications"

    def visible_targets(self, reader: Employee, ids: Collection[int]) -> dict[int, ThreadTarget]:
        names = Exists(Mention.objects.filter(thread=OuterRef("pk"), comment=None, employee=reader))
        threads: Any = list(Thread.objects.visible_to(reader).filter(pk__in=ids).annotate(names=names))
        urls, stand = urls_of(threads), standings_of(threads, reader)
        return {each.pk: ThreadTarget(each, urls[each.pk], each.names, stand[each.pk]) for each in threads}

    def url(self, bundle: Bundle, target: ThreadTarget) -> str:
        return target.url

    def is_closed(self, target: ThreadTarget) -> bool:
        return owner_of(target.thread).is_closed(target.thread)

    def conversation(self, bundle: Bundle, target: ThreadTarget) -> str:
        return conversation_of(target.thread)

    def standing(self, reader: Employee, target: ThreadTarget) -> Standing:
        return target.standing

    def quoted(self, target: ThreadTarget) -> str:
        return target.whole_text

    def places(self, target: ThreadTarget) -> Collection[str]:
        return places_of(target.thread)


def conversation_of(thread: Thread) -> str:
    """Return the name under which all that is told of `thread` belongs together."""
    return f"thread:{thread.public_id}"


def places_of(thread: Thread) -> list[str]:
    """Return where one may have said to hear nothing from: the conversation, and the one place it stands in."""
    channels = owner_of(thread).channels(thread)
    return [conversation_of(thread), *(channels if len(channels) == 1 else [])]


def _to_comment(url: str, comment: Comment) -> str:
    return f"{url}?comment={comment.public_id}#comment-{comment.public_id}"


class AnswerKind(CommentKind):
    """About a comment, to whoever it answers."""

    topic = "answers"
    email_after = WAIT
    push_after = AT_ONCE

    def is_still_due(self, reader: Employee, target: CommentTarget) -> bool:
        """Whoever has been named in it since is told of that instead."""
        return not target.names_reader


@notification_kind
class OwnThreadCommentedKind(AnswerKind):
    """«Kari kommenterte innlegget ditt»."""

    key = "comment"
    name = gettext_lazy("A comment on what one wrote")
    may_leave_inbox = True


@notification_kind
class ReplyKind(AnswerKind):
    """«Kari svarte deg»."""

    key = "reply"
    name = gettext_lazy("A reply to a comment")


@notification_kind
class MentionInCommentKind(CommentKind):
    """«Kari nevnte deg i en kommentar»."""

    key = "mention_in_comment"
    name = gettext_lazy("A mention in a comment")
    topic = "mentions"
    email_after = WAIT
    push_after = AT_ONCE

    def is_still_due(self, reader: Employee, target: CommentTarget) -> bool:
        return target.names_reader


@notification_kind
class MentionKind(ThreadKind):
    """«Kari nevnte deg i et innlegg»."""

    key = "mention"
    name = gettext_lazy("A mention in a post")
    topic = "mentions"
    icon = "Chat"
    email_after = WAIT
    push_after = AT_ONCE

    def is_still_due(self, reader: Employee, target: ThreadTarget) -> bool:
        return target.names_reader


@notification_kind
class ReactionToCommentKind(CommentKind):
    """«Ritu og 5 andre reagerte på kommentaren din»."""

    key = "reaction_to_comment"
    name = gettext_lazy("A reaction to a comment")
    may_leave_inbox = True
    topic = "reactions"
    icon = "ThumbUp"


@notification_kind
class ReactionKind(ThreadKind):
    """«Ritu og 5 andre reagerte på innlegget ditt»."""

    key = "reaction"
    name = gettext_lazy("A reaction to a post")
    may_leave_inbox = True
    topic = "reactions"
    icon = "ThumbUp"


class ReportKind(NotificationKind[Report]):
    """About one report, as long as the reader may see it."""

    templates = "conversations/notifications"
    icon = "ExclamationmarkTriangle"
    email_after = WAIT

    def visible_targets(self, reader: Employee, ids: Collection[int]) -> dict[int, Report]:
        return Report.objects.visible_to(reader).with_words().in_bulk(ids)


@notification_kind
class ReportedKind(ReportKind):
    """«Noe er meldt inn i gruppen du har ansvar for»."""

    key = "reported"
    topic = "tasks"

    def is_still_due(self, reader: Employee, target: Report) -> bool:
        return target.decided_at is None


@notification_kind
class PersonalDataReportedKind(ReportKind):
    """«Noe som kan røpe noe om en innbygger, er skjult»."""

    key = "personal_data_reported"
    topic = "tasks"
    email_after = datetime.timedelta(0)


@notification_kind
class OwnWordsHiddenKind(ReportKind):
    """«Det du skrev, er skjult til noen har sett på det»."""

    key = "own_words_hidden"


@notification_kind
class OwnWordsDecidedKind(ReportKind):
    """«Det du skrev, vises igjen», or has been taken down."""

    key = "own_words_decided"


@notification_kind
class ReportAnsweredKind(ReportKind):
    """«Du har fått svar på det du meldte fra om»."""

    key = "report_answered"
