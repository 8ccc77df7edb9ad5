"""How an announcement's text is told: its HTML below the page's one heading, and how long it takes to read."""

from __future__ import annotations

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from core.templatetags.tunet import percent
from core.text import render_markdown

WORDS_PER_MINUTE = 200
LANGUAGE_NAMES = {"nb": "Bokmål", "nn": "Nynorsk", "en": "English"}


def article_html(body: str) -> SafeString:
    """Return the body as safe HTML; its headings are the page's second and third level."""
    html: str = render_markdown(body)
    for tag, higher in (("h3", "h2"), ("h4", "h3")):
        html = html.replace(f"<{tag}>", f"<{higher}>").replace(f"</{tag}>", f"</{higher}>")
    return mark_safe(html)  # noqa: S308 - render_markdown has cleaned it; tags were only renamed


def minutes_to_read(body: str) -> int:
    """Return the whole minutes an ordinary reader needs, at least one."""
    return max(1, round(len(body.split()) / WORDS_PER_MINUTE))


def told_share(share: int | None) -> str:
    """Return a unit's share as it may be told: «66 %», with «nesten ingen» for 0 and «nesten alle» for 100."""
    if share is None:
        return ""
    return {0: _("almost none"), 100: _("almost all")}.get(share) or percent(share)
