"""A draft as it will look on a phone, in every language it is written in."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import translation
from django.utils.safestring import SafeString

from announcements.articles import Article, read_article
from announcements.forms import usual_button
from announcements.models import Announcement, AnnouncementText
from announcements.wording import LANGUAGE_NAMES
from conversations.models import Attachment


@dataclass(frozen=True)
class PhonePage:
    """The draft in one language."""

    text: AnnouncementText
    html: SafeString
    minutes: int
    is_first: bool

    @property
    def language_name(self) -> str:
        """The language, by its own name."""
        return LANGUAGE_NAMES[self.text.language]

    @property
    def button(self) -> str:
        """What the button for confirming says."""
        return self.text.button_text or usual_button(self.text.language)


@dataclass(frozen=True)
class PhonePreview:
    """What `announcements/phone_preview.html` draws: the banner on the home page and the message, per language."""

    pages: list[PhonePage]
    picture: Attachment | None
    views: tuple[str, ...] = ("home", "message")


def phone_preview(draft: Announcement) -> PhonePreview:
    """Return the draft in each of its languages, the reader's own shown first."""
    article: Article = read_article(draft)
    first = article.text_in(translation.get_language() or "nb")
    texts = [article.texts[code] for code in LANGUAGE_NAMES if code in article.texts] or [first]
    pages = [PhonePage(text, article.html_of(text), article.minutes_of(text), text is first) for text in texts]
    return PhonePreview(pages, article.picture)
