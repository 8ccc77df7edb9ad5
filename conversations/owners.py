"""Who owns a thread: the registry through which posts, announcements and others say who may see and answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar, TypeVar

from django.db.models import Q

from core.registry import Registry
from notifications.kinds import Standing

if TYPE_CHECKING:
    from conversations.models import Thread
    from directory.models import Employee
    from directory.querysets import EmployeeQuerySet

Owner = TypeVar("Owner", bound="type[ThreadOwner]")


class ThreadOwner:
    """What one kind of owner answers about its threads. Register it in the app's `thread_owners.py`.

    The conditions (`Q`) speak of `Thread`, so that one query answers them for a whole page.
    """

    kind: ClassVar[str]
    # Whether what the thread belongs to can be reported and taken down, beside the comments in it.
    reportable: ClassVar[bool] = False

    def visible_to(self, employee: Employee) -> Q:
        """Return which threads `employee` may see."""
        raise NotImplementedError

    def may_comment(self, employee: Employee) -> Q:
        """Return in which of the visible threads `employee` may answer; closed ones are left out elsewhere."""
        raise NotImplementedError

    def may_react(self, employee: Employee) -> Q:
        """Return to which of the visible threads `employee` may react: to all, unless the owner says otherwise."""
        return Q()

    def may_moderate(self, employee: Employee) -> Q:
        """Return in which threads `employee` may take down what others wrote: in none, unless said otherwise."""
        return Q(pk__in=[])

    def written_by(self, employee: Employee) -> Q:
        """Return which threads belong to what `employee` wrote, hidden or not: none, unless said otherwise."""
        return Q(pk__in=[])

    def moderators(self, thread: Thread, *, besides: int | None) -> list[int]:
        """Return the ids of those who look after the place the thread stands in, other than the person `besides`."""
        return []

    def unattended(self) -> Q:
        """Return which reports nobody decides: only who wrote the words looks after the place. A condition on `Report`.

        They go to those who decide in the others' stead: none of them, unless said otherwise.
        """
        return Q(pk__in=[])

    def text(self, thread: Thread) -> str:
        """Return what was written in what the thread belongs to, hidden or not."""
        return ""

    def hide(self, thread: Thread, *, hidden: bool) -> None:
        """Take what the thread belongs to out of everybody's sight, or let it be seen again."""

    def take_down(self, thread: Thread, *, actor: Employee) -> None:
        """Delete what the thread belongs to."""

    def url(self, thread: Thread) -> str:
        """Return the address of the page that shows the thread."""
        raise NotImplementedError

    def urls(self, threads: Sequence[Thread]) -> dict[int, str]:
        """Return the addresses of several threads by their ids; better in one query."""
        return {thread.pk: self.url(thread) for thread in threads}

    def standings(self, threads: Sequence[Thread], reader: Employee) -> dict[int, Standing]:
        """Return where each stands, as `reader` may know it, and the words of what it belongs to, in few queries."""
        return {thread.pk: Standing("", self.text(thread)) for thread in threads}

    def is_closed(self, thread: Thread) -> bool:
        """Say whether the thread stands only where not everyone may read: its words then stay there."""
        return False

    def author_id(self, thread: Thread) -> int | None:
        """Return the id of the employee who is told of comments and reactions; None when nobody is."""
        return None

    def readers(self, thread: Thread) -> EmployeeQuerySet:
        """Return the employees who may see the thread: the only ones a mention reaches."""
        raise NotImplementedError

    def channels(self, thread: Thread) -> list[str]:
        """Return the live channels whose listeners may see the thread."""
        return []


owners: Registry[ThreadOwner] = Registry("thread owner")


def thread_owner(owner: Owner) -> Owner:
    """Register the decorated class."""
    owners.add(owner.kind, owner())
    return owner


def owner_of(thread: Thread) -> ThreadOwner:
    """Return who answers for `thread`. Raises KeyError for an owner that is not installed."""
    return owners.get(thread.owner_kind)


def urls_of(threads: Iterable[Thread]) -> dict[int, str]:
    """Return the address of each thread's page, by its id: one query for each kind of owner."""
    by_kind: dict[str, list[Thread]] = {}
    for thread in threads:
        by_kind.setdefault(thread.owner_kind, []).append(thread)
    urls: dict[int, str] = {}
    for kind, same in by_kind.items():
        urls |= owners.get(kind).urls(same)
    return urls


def standings_of(threads: Iterable[Thread], reader: Employee) -> dict[int, Standing]:
    """Return where each thread stands and the words of what it belongs to, by its id."""
    by_kind: dict[str, list[Thread]] = {}
    for thread in threads:
        by_kind.setdefault(thread.owner_kind, []).append(thread)
    found: dict[int, Standing] = {}
    for kind, same in by_kind.items():
        found |= owners.get(kind).standings(same, reader)
    return found


def unattended() -> Q:
    """Return the condition on reports that only who wrote the words could decide them, whatever they are about."""
    answer = Q(pk__in=[])
    for owner in owners:
        answer |= Q(thread__owner_kind=owner.kind) & owner.unattended()
    return answer


def any_owner(employee: Employee, question: str) -> Q:
    """Return the condition on threads that their owners give to `question`, "visible_to" or "may_…"."""
    answer = Q(pk__in=[])
    for owner in owners:
        answer |= Q(owner_kind=owner.kind) & getattr(owner, question)(employee)
    return answer
