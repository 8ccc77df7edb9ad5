"""What a notification can be about: a kind is one small class and its templates, as docs/new-notification.md tells.

Kinds stand in an app's `notification_kinds.py`. Their templates are rendered with `bundle` (a `Bundle`) and `target`;
other roads than the inbox say besides whether they may `reveal` what was said where not everyone may read.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

from django.template.loader import render_to_string
from django.utils.functional import Promise

from core.registry import Registry
from directory.models import Employee
from notifications.models import Delivery, Notification
from notifications.topics import OTHER, Topic, topics

T = TypeVar("T")
K = TypeVar("K", bound="type[NotificationKind[Any]]")


@dataclass
class Bundle:
    """What is shown as one line: the newest notification and those bundled with it."""

    newest: Notification
    unread: bool
    # How many more did the same.
    others: int = 0

    @property
    def actor(self) -> Employee | None:
        """Who did it last."""
        return self.newest.actor


class Standing(NamedTuple):
    """Where something was said, and the words of what it is about."""

    place: str = ""
    words: str = ""
    # The place is named to nobody outside Tunet who did not choose so.
    is_unnamed: bool = False


class NotificationKind(Generic[T]):
    """One thing people are told about."""

    key: ClassVar[str]
    # The folder of the kind's templates.
    templates: ClassVar[str]
    icon: ClassVar[str] = "Bell"
    # Sent by e-mail when still unread after this long; None never.
    email_after: ClassVar[datetime.timedelta | None] = None
    # Sent as a text message as well, which costs money: for what is critical, and for those without e-mail.
    sms_after: ClassVar[datetime.timedelta | None] = None
    # Shown on the person's devices when still unread after this long; None never.
    push_after: ClassVar[datetime.timedelta | None] = None

    # An e-mail waits this long instead where the person has it on a device; None the same for all.
    email_after_push: ClassVar[datetime.timedelta | None] = None
    # What operators read where such messages wait; else what people choose it by.
    name: ClassVar[str | Promise] = ""
    # What people choose it by, together with others: see `notifications.topics`.
    topic: ClassVar[str] = OTHER

    # People may keep it out of their inbox; what waits for an answer, or comes from elsewhere, stays.
    may_leave_inbox: ClassVar[bool] = False

    # Nobody can turn its e-mails off: they are about the person's own account, or were asked for.
    is_essential: ClassVar[bool] = False
    # Has looks of its own in e-mails, `<key>.email.html`; the others show their words.
    has_own_email: ClassVar[bool] = False

    @property
    def chosen_by(self) -> Topic:
        """What people choose it by, in plain words."""
        return topics.get(self.topic)

    def visible_targets(self, reader: Employee, ids: Collection[int]) -> dict[int, T]:
        """Return the targets with these ids that `reader` may see now, in a constant number of queries.

        What is missing is not shown and not sent: an entry is an index, never a grant.
        """
        raise NotImplementedError

    def url(self, bundle: Bundle, target: T) -> str:
        """Return the address of the exact thing the line is about."""
        return str(target.get_absolute_url())  # type: ignore[attr-defined]

    def is_still_due(self, reader: Employee, target: T) -> bool:
        """Say whether an unread e-mail about `target` is still worth sending."""
        return True

    def is_closed(self, target: T) -> bool:
        """Say whether what is told was said where not everyone may read: then no other road repeats its words.

        Asked when a message is made, for one target at a time; unless the person has chosen otherwise.
        """
        return False

    def conversation(self, bundle: Bundle, target: T) -> str:
        """Name what belongs together in the mail program and on the lock screen; "" where it stands by itself."""
        return ""

    def places(self, target: T) -> Collection[str]:
        """Name where it happened, for those who want to hear nothing from there: as `notify` is told with the event.

        Asked for summaries, for one target at a time, where their reader has such places at all.
        """
        return []

    def standing(self, reader: Employee, target: T) -> Standing:
        """Return where the conversation stands and what it is about: every mail of it has the same subject.

        Asked when a mail is made, for one target at a time.
        """
        return Standing()

    def why(self, reader: Employee, target: T) -> str:
        """Return why `reader` is told by e-mail, going on from «You get this because»; "" to say nothing of it."""
        return str(self.chosen_by.why)

    def quoted(self, target: T) -> str:
        """Return what was said, for a mail that tells of several things; "" where nothing was."""
        return ""

    @property
    def has_conversations(self) -> bool:
        """Whether what it tells may belong together with other things."""
        return type(self).conversation is not NotificationKind.conversation

    def before_sent(self, delivery: Delivery, target: T) -> None:
        """Do what has to be settled before a message is put together; nothing, unless a kind gathers others."""

    def after_sent(self, delivery: Delivery) -> None:
        """Do what follows when mail server or gateway has taken the message; nothing, unless a kind keeps account."""

    def render(self, part: str, bundle: Bundle, target: T, **context: Any) -> str:
        """Render one of the kind's templates; `part` is "html", "subject.txt", "txt" or another road's."""
        values = {"bundle": bundle, "target": target, "kind": self, "url": self.url(bundle, target), **context}
        return render_to_string(f"{self.templates}/{self.key}.{part}", values)


kinds: Registry[NotificationKind[Any]] = Registry("notification kind")


def notification_kind(kind: K) -> K:
    """Register the decorated class."""
    kinds.add(kind.key, kind())
    return kind
