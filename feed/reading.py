"""Posts as one reader sees them: the card's facts, rights and thread, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from conversations.people import job_line
from conversations.reading import Parts, ThreadView, load_threads, load_whole_thread
from conversations.rendering import render_text
from core.prepared import Prepared, padded
from core.text import plain_text
from directory.models import Employee
from directory.models.rights import Rights
from feed.models import Placement, Post
from feed.polls import PollView, view_polls
from feed.querysets import PlacementQuerySet
from feed.seen_by import SeenBy, count_seen
from groups.models import Group

CLAMP_AT, CLAMP_LINES, CUT_AT = 420, 7, 3_000


@dataclass
class PostView:
    """A post in one of its groups, as the reader sees it; `templates/feed/post.html` draws it as `post`.

    It holds all that is drawn and nothing besides, so that the card can be kept (`core.kept`).
    """

    placement: Any
    thread: ThreadView
    is_mine: bool
    whole: bool = False
    in_group: bool = False
    poll: PollView | None = None
    # How many have seen it, where that is told.
    seen: SeenBy | None = None

    @property
    def counts_seen(self) -> bool:
        """Whether the page tells the server that the post has been in view; the server decides whether it counts."""
        group = self.group
        return bool(group and group.seen_by != Group.SeenBy.OFF and self.placement.may_comment)

    @property
    def may_follow(self) -> bool:
        """Whether the reader may follow, or stop following, the author."""
        author = self.post.author
        return not self.is_mine and author.is_active and not author.protected

    @property
    def post(self) -> Post:
        return self.placement.post  # type: ignore[no-any-return]

    @property
    def group(self) -> Group:
        return self.placement.group  # type: ignore[no-any-return]

    @property
    def author_line(self) -> str:
        """The author's job, and outside the group where."""
        return job_line(self.post.author, with_place=not self.in_group)

    @property
    def may_see_history(self) -> bool:
        return self.is_mine or self.placement.may_moderate_thread

    @property
    def is_cut(self) -> bool:
        """Whether the text is so long that a list shows only its beginning."""
        return not self.whole and len(self.post.text) > CUT_AT

    @property
    def is_clamped(self) -> bool:
        """Whether a list shows only the first lines."""
        text = self.post.text
        return not self.whole and (len(text) > CLAMP_AT or text.count("\n") > CLAMP_LINES)

    @property
    def may_be_kept(self) -> bool:
        """Whether the card stays as it is until something in it changes; a poll closes by the clock."""
        return self.poll is None

    @property
    def html(self) -> SafeString | str:
        """The text, safe, with mentions as links; the beginning of it where it is cut."""
        if self.is_cut:
            return plain_text(self.post.text, length=CLAMP_AT)
        return render_text(self.post.text, self.thread.parts.mentioned)

    @property
    def shared_by(self) -> Employee | None:
        """Who shared the post to this group; None where it was written."""
        return self.placement.placed_by if self.placement.placed_by_id != self.post.author_id else None

    @property
    def source(self) -> str:
        """The open group a shared post was written in; "" where that is not told."""
        return (self.placement.source_name or "") if self.shared_by else ""

    @property
    def may_delete(self) -> bool:
        return self.is_mine or self.placement.may_moderate

    @property
    def may_settle(self) -> bool:
        return bool((self.is_mine and self.placement.may_comment) or self.placement.may_moderate_thread)

    @property
    def may_edit(self) -> bool:
        return self.is_mine and self.placement.may_comment

    @property
    def accept_url(self) -> str:
        """Where the reader says which comment answers the question; "" when that is not theirs to say."""
        asks = self.post.kind == Post.Kind.QUESTION and self.may_settle
        return reverse("settle_post", args=[self.post.public_id]) if asks else ""

    @property
    def share_url(self) -> str:
        return reverse("share_post", args=[self.post.public_id]) if self.placement.may_share else ""


def _cards(rights: Rights, reader_id: int) -> PlacementQuerySet:
    """Standing posts that may be read, with what their cards need and what the reader may do."""
    reader = rights.bearer(reader_id)
    return Placement.objects.standing().readable_by(reader).with_card().for_reader(reader)


_BY_ID: Prepared[Placement] = Prepared(lambda rights, reader, *ids: _cards(rights, reader).filter(pk__in=ids))
_OF_POST: Prepared[Placement] = Prepared(lambda rights, reader, post: _cards(rights, reader).filter(post=post))


def load_posts(
    reader: Employee,
    placement_ids: Sequence[int],
    *,
    in_group: bool = False,
    seen: bool = False,
) -> list[PostView]:
    """Return the posts at these placements in the order given, leaving out what `reader` may not read.

    Three queries: posts with their parts, comments, reactions; one more where there are polls, one where texts link
    to our own pages, and with `seen` one where groups tell who has seen posts.
    """
    found = _BY_ID.ask(reader.rights, [reader.pk, *padded(placement_ids)]) if placement_ids else []
    placements = {placement.pk: placement for placement in _seated(found)}
    ordered = [placements[pk] for pk in placement_ids if pk in placements]
    parts = {placement.post.thread_id: _parts(placement) for placement in ordered}
    texts = {placement.post.thread_id: placement.post.text for placement in ordered}
    threads = load_threads(reader, [placement.post.thread for placement in ordered], parts=parts, texts=texts)
    polls = view_polls(reader, ordered)
    counts = count_seen(reader, ordered) if seen else {}
    return [
        PostView(
            place,
            threads[place.post.thread_id],
            is_mine=place.post.author_id == reader.pk,
            in_group=in_group,
            poll=polls.get(place.post_id),
            seen=counts.get(place.pk),
        )
        for place in ordered
    ]


def load_post(reader: Employee, post: Post, *, everything: bool = False, wanted: str = "") -> PostView | None:
    """Return one post with its whole thread, in the group of mine it stands in, else in another readable one.

    The comment with the public id `wanted` is among those shown, however old it is.
    """
    places = _OF_POST.ask(reader.rights, [reader.pk, post.pk])
    mine = set(reader.memberships.values_list("group_id", flat=True))
    placement = min(_seated(places), key=lambda place: (place.group_id not in mine, place.pk), default=None)
    if placement is None:
        return None
    known = {placement.post.thread_id: _parts(placement)}
    thread = load_whole_thread(
        reader, placement.post.thread, everything=everything, wanted=wanted, text=post.text, parts=known
    )
    poll = view_polls(reader, [placement]).get(post.pk)
    seen = count_seen(reader, [placement]).get(placement.pk)
    is_mine = post.author_id == reader.pk
    return PostView(placement, thread, is_mine, whole=True, poll=poll, seen=seen) if thread else None


def may_read_history(reader: Employee, post: Post) -> bool:
    """Say whether `reader`, who may read the post, may read what it said before: its author and the moderators may."""
    return post.author_id == reader.pk or Placement.objects.home().moderated_by(reader).filter(post=post).exists()


def _seated(placements: Iterable[Placement]) -> list[Any]:
    rows = list(placements)
    for row in rows:
        row.seat()
    return rows


def _parts(placement: Any) -> Parts:
    return Parts.of(
        placement,
        may_comment=placement.may_comment and placement.post.thread.comments_open,
        may_react=placement.may_comment,
        may_moderate=placement.may_moderate_thread,
        url=placement.post.get_absolute_url(),
    )
