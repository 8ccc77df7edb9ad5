"""Questions and answers under an announcement: open to those it was sent to, and to those who keep it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F, Q
from django.utils import translation

from announcements.models import Announcement
from conversations.models import Thread
from conversations.owners import ThreadOwner, thread_owner
from directory.models import Employee
from directory.querysets import EmployeeQuerySet
from notifications.kinds import Standing

# The open pages of so many are woken by a comment; others find it at their next visit.
MOST_WOKEN = 2000


@thread_owner
class AnnouncementThreads(ThreadOwner):
    """The thread of an announcement."""

    kind = "announcement"

    def visible_to(self, employee: Employee) -> Q:
        standing = Announcement.objects.visible_to(employee).exclude(state=Announcement.State.WITHDRAWN)
        return Q(pk__in=standing.values("thread_id"))

    def may_comment(self, employee: Employee) -> Q:
        return Q(announcement__state__in=[Announcement.State.SENDING, Announcement.State.PUBLISHED])

    def may_moderate(self, employee: Employee) -> Q:
        return Q(pk__in=Announcement.objects.kept_by(employee).values("thread_id"))

    def written_by(self, employee: Employee) -> Q:
        return Q(announcement__author=employee)

    def moderators(self, thread: Thread, *, besides: int | None) -> list[int]:
        return [pk for pk in [thread.announcement.author_id] if pk != besides]

    def unattended(self) -> Q:
        return Q(comment__author=F("thread__announcement__author"))

    def url(self, thread: Thread) -> str:
        return thread.announcement.get_absolute_url()

    def standings(self, threads: Sequence[Thread], reader: Employee) -> dict[int, Standing]:
        found = Announcement.objects.filter(thread__in=threads).prefetch_related("texts")
        language = translation.get_language() or "nb"
        return {each.thread_id: Standing("", each.text_in(language).title) for each in found}

    def author_id(self, thread: Thread) -> int | None:
        return thread.announcement.author_id

    def channels(self, thread: Thread) -> list[str]:
        announcement = Announcement.objects.with_reach().get(thread=thread)
        if announcement.to_everyone:
            return ["all"]
        opened = announcement.receipts.active().filter(delivered_at__isnull=False)
        people = opened.values_list("employee_id", flat=True)[:MOST_WOKEN]
        return [f"u:{pk}" for pk in {announcement.author_id, *people}]

    def readers(self, thread: Thread) -> EmployeeQuerySet:
        addressed = thread.announcement.receipts.values("employee_id")
        readers: EmployeeQuerySet = Employee.objects.active().filter(
            Q(pk__in=addressed) | Q(pk=thread.announcement.author_id)
        )
        return readers
