"""What an announcement says, ready to be shown. The same for every reader, so worked out once per process.

What has been sent never changes without `corrected_at` changing; rights, sender and receipts are read anew each time.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.utils.safestring import SafeString

from announcements.models import Announcement, AnnouncementText
from announcements.wording import article_html, minutes_to_read
from conversations.models import Attachment

KEPT = 256


@dataclass(frozen=True)
class Article:
    """The wordings in force with their HTML, the picture, and whether it is for all employees."""

    texts: Mapping[str, AnnouncementText]
    html: Mapping[str, SafeString]
    picture: Attachment | None
    to_everyone: bool

    def text_in(self, language: str) -> AnnouncementText:
        """Return the wording in `language`, or else in bokmål, or the first there is; an empty one for a bare draft."""
        found = self.texts.get(language[:2]) or self.texts.get("nb") or next(iter(self.texts.values()), None)
        return found or AnnouncementText(language="nb")

    def html_of(self, text: AnnouncementText) -> SafeString:
        """Return the body as HTML."""
        return self.html.get(text.language, SafeString(""))

    def minutes_of(self, text: AnnouncementText) -> int:
        """Return how long it takes to read."""
        return minutes_to_read(text.body)


def read_article(announcement: Announcement) -> Article:
    """Return what the announcement says: from memory once it has been sent."""
    if announcement.is_sent:
        return _kept(announcement.public_id, announcement.corrected_at)
    return _read(announcement.public_id)


@lru_cache(maxsize=KEPT)
def _kept(public_id: str, corrected_at: datetime.datetime | None) -> Article:
    return _read(public_id)


def _read(public_id: str) -> Article:
    found = Announcement.objects.with_reach().prefetch_related("texts").select_related("thread")
    announcement = found.get(public_id=public_id)
    texts = announcement.current_texts
    return Article(
        texts=texts,
        html={language: article_html(text.body) for language, text in texts.items()},
        picture=announcement.thread.attachments.filter(kind="picture", comment=None).first(),
        to_everyone=announcement.to_everyone,
    )
