"""Threads as one reader sees them: rights, reactions, comments, pictures, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from conversations.models import Attachment, Comment, Thread
from conversations.owners import urls_of
from conversations.querysets import CommentQuerySet, thread_parts
from conversations.rendering import render_text
from conversations.tallies import Choice, Tally, choices, tally_reactions
from core.policies import annotate_allowed
from core.prepared import Prepared, padded
from core.previews import preview_links
from core.search import Hit
from directory.models import Employee

PREVIEW_COMMENTS, PREVIEW_REPLIES = 2, 1
PAGE_COMMENTS, PAGE_REPLIES = 50, 50
ALL_COMMENTS = 500


@dataclass
class Parts:
    """What a thread carries besides comments and reactions, and what the reader may do with it."""

    comment_count: int = 0
    attachment_rows: list[dict[str, Any]] = field(default_factory=list)
    mention_rows: list[dict[str, Any]] = field(default_factory=list)
    may_comment: bool = False
    may_react: bool = False
    may_moderate: bool = False
    # The page that shows the whole thread.
    url: str = ""

    @classmethod
    def of(cls, row: Any, **rights: Any) -> Parts:
        """Read the parts from any object that carries the annotations of `thread_parts`."""
        return cls(
            comment_count=getattr(row, "comment_count", 0),
            attachment_rows=row.attachment_rows,
            mention_rows=row.mention_rows,
            **rights,
        )

    @property
    def attachments(self) -> list[Attachment]:
        """Pictures and files, in the order given by the author."""
        return [Attachment(**facts) for facts in self.attachment_rows]

    @property
    def mentioned(self) -> list[Employee]:
        return [Employee(**facts) for facts in self.mention_rows]

    @property
    def pictures(self) -> list[Attachment]:
        return [one for one in self.attachments if one.kind == Attachment.Kind.PICTURE]

    @property
    def files(self) -> list[Attachment]:
        return [one for one in self.attachments if one.kind == Attachment.Kind.FILE]


@dataclass
class CommentView:
    """One comment as the reader sees it, with the replies that are shown."""

    comment: Comment
    tally: Tally
    parts: Parts
    may_edit: bool = False
    may_delete: bool = False
    may_reply: bool = False
    may_report: bool = False
    replies: list[CommentView] = field(default_factory=list)
    # What the links in it lead to.
    cards: list[Hit] = field(default_factory=list)

    @property
    def choices(self) -> list[Choice]:
        """The five reactions."""
        return choices()

    @property
    def html(self) -> SafeString:
        """The text, safe, with mentions as links."""
        return render_text(self.comment.text, self.parts.mentioned)


@dataclass
class ThreadView:
    """A thread as the reader sees it; `templates/conversations/thread.html` draws it as `view`."""

    thread: Thread
    tally: Tally
    parts: Parts
    comments: list[CommentView]
    # What the links in the owner's text lead to.
    cards: list[Hit] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The page that shows the whole thread."""
        return self.parts.url

    @property
    def shown_count(self) -> int:
        """How many of the comments are drawn."""
        return sum(1 + len(view.replies) for view in self.comments)

    @property
    def has_more(self) -> bool:
        """Whether the thread has comments that are not drawn."""
        return self.parts.comment_count > self.shown_count

    @property
    def choices(self) -> list[Choice]:
        """The five reactions."""
        return choices()

    @property
    def comment_url(self) -> str:
        return reverse("comment_thread", args=[self.thread.public_id])

    @property
    def reaction_url(self) -> str:
        return reverse("react_to_thread", args=[self.thread.public_id])

    @property
    def people_url(self) -> str:
        return reverse("thread_reactions", args=[self.thread.public_id])


def load_threads(
    reader: Employee,
    threads: Sequence[Thread],
    *,
    parts: dict[int, Parts] | None = None,
    texts: Mapping[int, str] | None = None,
    comments: int = PREVIEW_COMMENTS,
    replies: int = PREVIEW_REPLIES,
    wanted: str = "",
) -> dict[int, ThreadView]:
    """Return each thread as `reader` sees it, by its id: a handful of queries however many there are.

    Threads the reader may not see are left out. `parts` saves the first query for owners that have read them
    along with themselves (`conversations.querysets.thread_parts`), and vouches for what may be seen. `texts` are the
    owners' own, by thread, for the cards of links. The comment `wanted` is among those shown, however old it is.
    """
    known = read_parts(reader, threads) if parts is None else parts
    shown = [thread for thread in threads if thread.pk in known]
    ids = [thread.pk for thread in shown]
    rows = _comments(ids, comments=comments, replies=replies, wanted=wanted)
    tallies = tally_reactions(reader, ids, [row.pk for row in rows])
    views = {
        thread.pk: ThreadView(thread, tallies.get(("thread", thread.pk), Tally()), known[thread.pk], [])
        for thread in shown
    }
    _place(reader, views, [(row, tallies.get(("comment", row.pk), Tally())) for row in rows])
    _add_cards(reader, views, texts or {})
    return views


def load_whole_thread(
    reader: Employee,
    thread: Thread,
    *,
    everything: bool = False,
    wanted: str = "",
    text: str = "",
    parts: dict[int, Parts] | None = None,
) -> ThreadView | None:
    """Return the thread with its newest comments (or as good as all), or None when `reader` may not see it.

    The comment with the public id `wanted` is shown however old it is; `text` is the owner's own.
    """
    number = ALL_COMMENTS if everything else PAGE_COMMENTS
    replies = number if everything else PAGE_REPLIES
    texts = {thread.pk: text}
    views = load_threads(reader, [thread], parts=parts, texts=texts, comments=number, replies=replies, wanted=wanted)
    return views.get(thread.pk)


def view_comments(reader: Employee, rows: Sequence[Comment]) -> list[CommentView]:
    """Return comments out of their thread as `reader` sees them; the rows were read `with_parts`. One query."""
    tallies = tally_reactions(reader, [], [row.pk for row in rows])
    return [CommentView(row, tallies.get(("comment", row.pk), Tally()), Parts.of(row)) for row in rows]


def read_parts(reader: Employee, threads: Sequence[Thread]) -> dict[int, Parts]:
    """Return the parts of those threads that `reader` may see."""
    rows = annotate_allowed(
        Thread.objects.visible_to(reader).filter(pk__in=[thread.pk for thread in threads]),
        reader,
        may_comment="conversations.comment",
        may_react="conversations.react",
        may_moderate="conversations.moderate",
    ).annotate(**thread_parts(Thread, "pk"))
    rights = ("may_comment", "may_react", "may_moderate")
    urls = urls_of(rows)
    return {row.pk: Parts.of(row, url=urls[row.pk], **{name: getattr(row, name) for name in rights}) for row in rows}


def load_comment(reader: Employee, comment: Comment) -> CommentView:
    """Return one comment of a thread `reader` may see, with its tally; for drawing its reactions anew."""
    tally = tally_reactions(reader, [], [comment.pk]).get(("comment", comment.pk), Tally())
    may_react = reader.has_perm("conversations.react", comment.thread)
    return CommentView(comment, tally, Parts(may_react=may_react))


def _add_cards(reader: Employee, views: dict[int, ThreadView], texts: Mapping[int, str]) -> None:
    """Give each text the cards of its links: one statement, none where nothing links to our own pages."""
    said = [one for view in views.values() for top in view.comments for one in (top, *top.replies)]
    standing = {one.comment.pk: one for one in said if one.comment.is_standing}
    known: dict[tuple[str, int], str] = {("comment", pk): one.comment.text for pk, one in standing.items()}
    for (kind, pk), cards in preview_links(reader, known | {("thread", pk): texts[pk] for pk in texts}).items():
        if kind == "comment":
            standing[pk].cards = cards
        elif pk in views:
            views[pk].cards = cards


def _newest(limits: tuple[int, int, str], *thread_ids: int) -> CommentQuerySet:
    comments, replies, wanted = limits
    newest = Comment.objects.shown().newest_of(list(thread_ids), comments=comments, replies=replies, wanted=wanted)
    return newest.with_parts().in_order()


_NEWEST: Prepared[Comment] = Prepared(_newest)


def _comments(thread_ids: list[int], *, comments: int, replies: int, wanted: str) -> list[Comment]:
    limits = (comments, replies, wanted)
    # What one comment is wanted for is hardly ever asked twice.
    return list(_newest(limits, *thread_ids) if wanted or not thread_ids else _NEWEST.ask(limits, padded(thread_ids)))


def _place(reader: Employee, views: dict[int, ThreadView], rows: list[tuple[Comment, Tally]]) -> None:
    """Put each comment into its thread and each reply beneath its comment; oldest first, as they came."""
    tops: dict[int, CommentView] = {}
    for row, tally in sorted(rows, key=lambda pair: pair[0].parent_id is not None):
        view = _view(reader, views[row.thread_id], row, tally)
        if row.parent_id is None:
            tops[row.pk] = view
            views[row.thread_id].comments.append(view)
        elif row.parent_id in tops:
            tops[row.parent_id].replies.append(view)


def _view(reader: Employee, thread: ThreadView, row: Any, tally: Tally) -> CommentView:
    own, standing = row.author_id == reader.pk, row.is_standing
    return CommentView(
        comment=row,
        tally=tally,
        parts=Parts.of(row, may_react=thread.parts.may_react),
        may_edit=own and standing and thread.parts.may_comment,
        may_delete=standing and (own or thread.parts.may_moderate),
        may_reply=standing and thread.parts.may_comment,
        may_report=standing and not own,
    )
