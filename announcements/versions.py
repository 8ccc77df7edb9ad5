"""Every wording an announcement has had, with who wrote it and when."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils.safestring import SafeString

from announcements.models import Announcement, AnnouncementText
from announcements.wording import article_html
from directory.models import Employee


@dataclass(frozen=True)
class Version:
    """One revision as one reader sees it: in one language."""

    revision: int
    text: AnnouncementText
    languages: list[str]
    is_current: bool

    @property
    def at(self) -> datetime.datetime:
        """When it was written."""
        return self.text.created_at

    @property
    def by(self) -> Employee | None:
        """Who wrote it; None for someone whose account is gone."""
        return self.text.created_by

    @property
    def html(self) -> SafeString:
        """The body, ready to be shown."""
        return article_html(self.text.body)


def read_versions(announcement: Announcement, language: str) -> list[Version]:
    """Return the revisions, the newest first, each in `language` or else in bokmål. One query."""
    by_revision: dict[int, dict[str, AnnouncementText]] = {}
    for text in announcement.texts.select_related("created_by").order_by("-revision", "pk"):
        by_revision.setdefault(text.revision, {})[text.language] = text
    newest = max(by_revision, default=0)
    return [
        Version(
            revision=revision,
            text=texts.get(language[:2]) or texts.get("nb") or next(iter(texts.values())),
            languages=sorted(texts),
            is_current=revision == newest,
        )
        for revision, texts in by_revision.items()
    ]
