"""What stands in one digest: what came in its stretch of time, is unread, and was not told by e-mail before.

The stretch ends at a moment that is stored with the message, and begins where the last one that was sent ended. So
the same digest says the same however often it is tried, and no two say the same.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.html import strip_tags

from core.registry import Registry
from directory.models import Employee
from notifications.inbox import bundled, line_sources
from notifications.kinds import Bundle, kinds
from notifications.models import Delivery, Notification, NotificationSettings
from notifications.secrecy import may_reveal, wants_closed_text

KIND = "digest"
# Nobody is told of more than this after a long time away; the rest waits in Tunet.
LONGEST = datetime.timedelta(days=14)
MOST_READ, MOST_SHOWN = 500, 20


@dataclass(frozen=True)
class DigestLine:
    """One thing, in words that may leave Tunet, and where it leads."""

    text: str
    url: str
    # How many more did the same.
    others: int = 0

    @property
    def address(self) -> str:
        return f"{settings.SITE_ADDRESS}{self.url}"


@dataclass(frozen=True)
class Stretch:
    """The time a digest tells of."""

    since: datetime.datetime
    until: datetime.datetime


# What else apps have to tell: (reader, stretch, whether closed words may be repeated) → lines.
digest_sources: Registry[Callable[[Employee, Stretch, bool], list[DigestLine]]] = Registry("digest source")


@dataclass(frozen=True)
class Digest:
    """What `reader` has not seen in the stretch."""

    reader: Employee
    stretch: Stretch

    @cached_property
    def lines(self) -> list[DigestLine]:
        """Everything, what is important first."""
        reveal = wants_closed_text(self.reader)
        found = [*self._from_inbox_sources(), *self._from_notifications()]
        return [*found, *(line for source in digest_sources for line in source(self.reader, self.stretch, reveal))]

    @property
    def shown(self) -> list[DigestLine]:
        return self.lines[:MOST_SHOWN]

    @property
    def more(self) -> int:
        """How many do not fit in."""
        return max(0, len(self.lines) - MOST_SHOWN)

    def get_absolute_url(self) -> str:
        """The inbox; each line leads to its own thing."""
        return reverse("notifications")

    def _from_inbox_sources(self) -> list[DigestLine]:
        found = [line for source in line_sources for line in source(self.reader, MOST_READ)]
        new = [line for line in found if line.unread and self.stretch.since < line.at <= self.stretch.until]
        told = {key for _kind, key in told_by_email(self.reader, {line.event_key for line in new})}
        lines = [line for line in new if line.event_key not in told]
        return [DigestLine(" ".join(strip_tags(line.html).split()), line.url) for line in lines]

    def _from_notifications(self) -> list[DigestLine]:
        new = Notification.objects.visible_to(self.reader).unread().exclude(kind=KIND).newest_first()
        entries = list(new.filter(created_at__gt=self.stretch.since, created_at__lte=self.stretch.until)[:MOST_READ])
        told = told_by_email(self.reader, {entry.event_key for entry in entries})
        bundles = bundled([entry for entry in entries if (entry.kind, entry.event_key) not in told])
        lines = self._lines(bundles)
        return [lines[bundle.newest.pk] for bundle in bundles if bundle.newest.pk in lines]

    def _lines(self, bundles: list[Bundle]) -> dict[int, DigestLine]:
        by_kind: defaultdict[str, list[Bundle]] = defaultdict(list)
        for bundle in bundles:
            by_kind[bundle.newest.kind].append(bundle)
        return {pk: line for key, same in by_kind.items() for pk, line in self._lines_of_kind(key, same).items()}

    def _lines_of_kind(self, key: str, bundles: list[Bundle]) -> dict[int, DigestLine]:
        kind = kinds.find(key)
        if kind is None:
            return {}
        targets = kind.visible_targets(self.reader, {bundle.newest.target_id or 0 for bundle in bundles})
        lines = {}
        for bundle in bundles:
            target = targets.get(bundle.newest.target_id or 0)
            if target is None or not kind.is_still_due(self.reader, target):
                continue
            words = {"reveal": may_reveal(self.reader, kind, target), "facts": bundle.newest.facts}
            text = " ".join(kind.render("subject.txt", bundle, target, **words).split())
            lines[bundle.newest.pk] = DigestLine(text, kind.url(bundle, target), bundle.others)
        return lines


def told_by_email(reader: Employee, event_keys: Collection[str]) -> set[tuple[str, str]]:
    """Return which of these, by kind, were told to the reader in a mail of their own, or are about to be."""
    mails = Delivery.objects.filter(recipient=reader, channel=Delivery.Channel.EMAIL, event_key__in=event_keys)
    gone = Q(state__in=[Delivery.State.SENT, Delivery.State.WAITING])
    return set(mails.filter(gone).values_list("kind", "event_key"))


def stretch_of(reader: Employee, until: datetime.datetime) -> Stretch:
    """Return the time that a digest ending at `until` tells of: since the last that was sent, else a day or week."""
    sent = Delivery.objects.filter(recipient=reader, channel=Delivery.Channel.EMAIL, kind=KIND, state="sent")
    last = (
        sent.filter(target_id__lt=number_of(until)).order_by("-target_id").values_list("target_id", flat=True).first()
    )
    since = moment_of(last) if last else until - _usual(reader)
    return Stretch(max(since, until - LONGEST), until)


def _usual(reader: Employee) -> datetime.timedelta:
    weekly = NotificationSettings.objects.filter(employee=reader, digest=NotificationSettings.Digest.WEEKLY).exists()
    return datetime.timedelta(days=7 if weekly else 1)


def number_of(moment: datetime.datetime) -> int:
    """Return the whole seconds that stand for `moment` where a message holds a number."""
    return int(moment.timestamp())


def moment_of(number: int) -> datetime.datetime:
    """Return the moment that `number_of` made a number of."""
    return datetime.datetime.fromtimestamp(number, datetime.UTC)
