"""One announcement as one reader sees it. Thousands come within minutes: its page asks for little."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import translation

from announcements.models import Announcement, AnnouncementText, Receipt
from conversations.models import Thread
from conversations.querysets import thread_parts
from conversations.reading import ALL_COMMENTS, PAGE_COMMENTS, PAGE_REPLIES, Parts, ThreadView, load_threads
from core.policies import annotate_allowed
from core.prepared import Prepared
from directory.models import Employee


def find_for_reader(reader: Employee, public_id: str) -> Announcement:
    """Return an announcement `reader` may see, with sender, own receipt and `may_keep`. Raises Http404."""
    if not reader.has_perm("announcements.write"):
        return _sent_to(reader, public_id)
    visible = Announcement.objects.visible_to(reader).with_people().with_receipt_of(reader)
    return get_object_or_404(annotate_allowed(visible, reader, may_keep="announcements.manage"), public_id=public_id)


def _sent_to(reader: Employee, public_id: str) -> Announcement:
    receipt = reader.receipts.of_announcement(public_id).first()
    if receipt is None:
        raise Http404
    return _carrying(receipt.announcement, receipt)


def _carrying(announcement: Announcement, receipt: Receipt) -> Announcement:
    announcement.is_mine, announcement.may_keep = True, False
    announcement.my_delivered_at = receipt.delivered_at
    announcement.my_seen_at = receipt.seen_at
    announcement.my_acknowledged_at = receipt.acknowledged_at
    return announcement


def _on_top(limit: int, reader_id: int) -> QuerySet[Receipt]:
    return Receipt.objects.filter(employee=reader_id).on_top()[:limit]


_ON_TOP: Prepared[Receipt] = Prepared(_on_top)


def find_on_top(reader: Employee, limit: int) -> list[Announcement]:
    """Return what waits on top of the home page, newest first, each with the own receipt; one query."""
    return [_carrying(receipt.announcement, receipt) for receipt in _ON_TOP.ask(limit, [reader.pk])]


def find_chain(reader: Employee, announcement: Announcement) -> list[Announcement]:
    """Return the sent announcements of the same chain of updates that `reader` may see, with texts, the first first.

    The announcement itself is among them. Empty, and asks nothing, where there is no chain. `superseded_by_id` is
    None on the one that holds now.
    """
    if announcement.updates_id is None and announcement.superseded_by_id is None:
        return []
    return list(Announcement.objects.visible_to(reader).sent().in_chain_of(announcement).prefetch_related("texts"))


@dataclass(frozen=True)
class Chain:
    """The other messages of a chain of updates, as one reader may see them."""

    earlier: list[Link]
    newest: Link | None


@dataclass(frozen=True)
class Link:
    """One of them, with the wording in the reader's language."""

    announcement: Announcement
    text: AnnouncementText


def read_chain(reader: Employee, announcement: Announcement) -> Chain:
    """Return the former messages, the newest of them first, and the one that holds instead of this one, if any."""
    language = translation.get_language() or "nb"
    links = [Link(one, one.text_in(language)) for one in find_chain(reader, announcement)]
    place = next((n for n, link in enumerate(links) if link.announcement.pk == announcement.pk), 0)
    newest = links[-1] if announcement.superseded_by_id is not None and links[place + 1 :] else None
    return Chain(earlier=links[:place][::-1], newest=newest)


@dataclass(frozen=True)
class Countersigning:
    """Whether another person has signed for a critical message, and whether the reader may."""

    signed_by: Employee | None
    signed_at: datetime.datetime | None
    may_sign: bool


def read_countersigning(reader: Employee, announcement: Announcement) -> Countersigning | None:
    """Return that for a critical message that is out, to those who keep it or may sign; None to everyone else."""
    out = announcement.state in (Announcement.State.SENDING, Announcement.State.PUBLISHED)
    if announcement.level != Announcement.Level.CRITICAL or not out:
        return None
    may_sign = announcement.approved_at is None and reader.has_perm("announcements.countersign", announcement)
    if not (announcement.may_keep or may_sign):
        return None
    return Countersigning(announcement.approved_by, announcement.approved_at, may_sign)


def leads_here(reader: Employee, announcement: Announcement) -> bool:
    """Say whether the announcement asked people `reader` leads for confirmation."""
    return Announcement.objects.for_follow_up_by(reader).filter(pk=announcement.pk).exists()


def read_answers(
    reader: Employee, announcement: Announcement, *, everything: bool = False, wanted: str = ""
) -> ThreadView:
    """Return the questions and answers under an announcement that `reader` may see.

    The comment with the public id `wanted` is among them, however old it is.
    """
    thread = annotated_thread(announcement)
    live = announcement.state in (Announcement.State.SENDING, Announcement.State.PUBLISHED)
    parts = Parts.of(
        thread,
        may_comment=live and thread.comments_open,
        may_react=True,
        may_moderate=announcement.may_keep,
    )
    comments, replies = (ALL_COMMENTS, ALL_COMMENTS) if everything else (PAGE_COMMENTS, PAGE_REPLIES)
    known = {thread.pk: parts}
    return load_threads(reader, [thread], parts=known, comments=comments, replies=replies, wanted=wanted)[thread.pk]


def annotated_thread(announcement: Announcement) -> Thread:
    """Return the thread with its parts; the announcement is known to it."""
    thread = Thread.objects.annotate(**thread_parts(Thread, "pk")).get(pk=announcement.thread_id)
    thread.announcement = announcement
    return thread
