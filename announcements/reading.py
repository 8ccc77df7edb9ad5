"""One announcement as one reader sees it, in as few questions to the database as its page can do with."""

from __future__ import annotations

from django.shortcuts import get_object_or_404

from announcements.models import Announcement
from conversations.models import Thread
from conversations.querysets import thread_parts
from conversations.reading import ALL_COMMENTS, PAGE_COMMENTS, PAGE_REPLIES, Parts, ThreadView, load_threads
from core.policies import annotate_allowed
from directory.models import Employee


def find_for_page(reader: Employee, public_id: str) -> Announcement:
    """Return the announcement with sender, wording, own receipt, rights and the thread's parts. Raises Http404."""
    visible = Announcement.objects.visible_to(reader).with_sender().with_receipt_of(reader).with_reach()
    found = annotate_allowed(visible.with_led_by(reader), reader, may_keep="announcements.manage")
    return get_object_or_404(found.annotate(**thread_parts(Thread, "thread_id")), public_id=public_id)


def read_thread(reader: Employee, announcement: Announcement, *, everything: bool = False) -> ThreadView:
    """Return the questions and answers under an announcement from `find_for_page`."""
    live = announcement.state in (Announcement.State.SENDING, Announcement.State.PUBLISHED)
    thread = announcement.thread
    parts = Parts.of(
        announcement,
        may_comment=live and thread.comments_open,
        may_react=True,
        may_moderate=announcement.may_keep,
    )
    comments, replies = (ALL_COMMENTS, ALL_COMMENTS) if everything else (PAGE_COMMENTS, PAGE_REPLIES)
    return load_threads(reader, [thread], parts={thread.pk: parts}, comments=comments, replies=replies)[thread.pk]
