"""What stands in one digest: what came in its stretch of time, is unread, and was not told by e-mail before.

The stretch ends at a moment that is stored with the message, and begins where the last one that was sent ended. So
the same digest says the same however often it is tried, and no two say the same.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.html import strip_tags

from core.registry import Registry
from directory.models import Employee
from notifications.bundling import read_bundles, targets_of
from notifications.choices.reading import Chosen
from notifications.inbox import line_sources
from notifications.kinds import Bundle, kinds
from notifications.models import Delivery, Notification, NotificationSettings, PlaceLevel
from notifications.querysets import DeliveryQuerySet
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

    @cached_property
    def _chosen(self) -> Chosen:
        return Chosen.of(self.reader)

    def _wants(self, key: str) -> bool:
        kind = kinds.find(key)
        return kind is None or self._chosen.wants(kind, Delivery.Channel.EMAIL)

    @cached_property
    def _silent(self) -> set[str]:
        """Where the reader wants to hear nothing from."""
        silent = self.reader.place_levels.filter(level=PlaceLevel.Level.NOTHING)
        return set(silent.values_list("place", flat=True))

    def _from_inbox_sources(self) -> list[DigestLine]:
        found = [line for source in line_sources for line in source(self.reader, MOST_READ)]
        new = [line for line in found if line.unread and self.stretch.since < line.at <= self.stretch.until]
        told = told_by_email(self.reader, {line.event_key for line in new})
        lines = [line for line in new if (line.kind, line.event_key) not in told and self._wants(line.kind)]
        return [DigestLine(" ".join(strip_tags(line.html).split()), line.url) for line in lines]

    def _from_notifications(self) -> list[DigestLine]:
        new = Notification.objects.visible_to(self.reader).unread().exclude(kind=KIND)
        new = new.filter(created_at__gt=self.stretch.since, created_at__lte=self.stretch.until)
        alone = _gone(self.reader).filter(kind=OuterRef("kind"), event_key=OuterRef("event_key"))
        new = new.filter(~Exists(alone))
        bundles = read_bundles(new.newest_of_bundles()[:MOST_READ], new)
        targets = targets_of(self.reader, [bundle.newest for bundle in bundles])
        seen = [(bundle, targets[bundle.newest.pk]) for bundle in bundles if bundle.newest.pk in targets]
        return [line for bundle, target in seen if (line := self._line(bundle, target))]

    def _line(self, bundle: Bundle, target: Any) -> DigestLine | None:
        kind = kinds.get(bundle.newest.kind)
        if not self._wants(kind.key) or not kind.is_still_due(self.reader, target):
            return None
        if self._silent and not self._silent.isdisjoint(kind.places(target)):
            return None
        words = {"reveal": may_reveal(self.reader, kind, target), "facts": bundle.newest.facts}
        text = " ".join(kind.render("subject.txt", bundle, target, **words).split())
        return DigestLine(text, kind.url(bundle, target), bundle.others)


def told_by_email(reader: Employee, event_keys: Collection[str]) -> set[tuple[str, str]]:
    """Return which of these, by kind, were told to the reader in a mail of their own, or are about to be."""
    return set(_gone(reader).filter(event_key__in=event_keys).values_list("kind", "event_key"))


def _gone(reader: Employee) -> DeliveryQuerySet:
    mails = Delivery.objects.filter(recipient=reader, channel=Delivery.Channel.EMAIL)
    return mails.filter(state__in=[Delivery.State.SENT, Delivery.State.WAITING])


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
