"""What the text messages of a critical announcement cost at most, told before it is sent."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.utils import translation

from announcements.actions.ledger import KIND, senders_of
from announcements.models import Announcement
from directory.models import Organisation
from groups.audiences import compile_terms
from groups.models import AudienceTerm
from notifications.channels import sms
from notifications.channels.numbers import stored_number
from notifications.kinds import Bundle, kinds
from notifications.models import Notification
from notifications.routing import Event, Urgency, reached


@dataclass(frozen=True)
class TextMessages:
    """Text messages to whoever has not seen the announcement after `minutes`: never more than these."""

    # How many telephones those it is for have: some share one.
    most: int
    # What one message is paid as, in the language where it is longest.
    parts: int
    minutes: int
    # Kroner, if nobody had seen it; None where the price is not known.
    price: Decimal | None

    @property
    def kroner(self) -> int | None:
        """The price in whole kroner, rounded up."""
        return None if self.price is None else math.ceil(self.price)


def text_messages_of(announcement: Announcement, terms: Iterable[AudienceTerm]) -> TextMessages | None:
    """Return what may be sent for `announcement` to `terms`; None where nothing is: it is not critical, or none go."""
    if announcement.level != Announcement.Level.CRITICAL or not sms.is_on():
        return None
    people = reached(compile_terms(terms), Event(KIND, "", urgency=Urgency.CRITICAL), "sms")
    # Whoever sends it has seen it. Those who share a telephone and a language get one message together.
    others = people.exclude(pk__in=senders_of(announcement)).annotate(number=stored_number(also_at_work=True))
    most = others.order_by().values("number", "language").distinct().count()
    parts = _parts(announcement)
    return TextMessages(most, parts, settings.SMS_AFTER_MINUTES, sms.price_of(most, parts))


def _parts(announcement: Announcement) -> int:
    """Return what one message is paid as, where it is longest: each is in its reader's language."""
    kind, bundle = kinds.get(KIND), Bundle(Notification(kind=KIND), unread=True)
    words = {"organisation": Organisation.load(), "facts": {}}
    words["address"] = settings.SITE_ADDRESS + kind.url(bundle, announcement)
    longest = 1
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            text = " ".join(kind.render("sms.txt", bundle, announcement, **words).split())
        longest = max(longest, sms.parts_of(text))
    return longest
