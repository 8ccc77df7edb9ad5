"""What people wrote, ready for the page: safe HTML in which the people mentioned are links."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from core.text import render_markdown
from directory.models import Employee

TAG = re.compile(r"(<[^>]*>)")
# A feed page shows the same texts again and again; rendering one costs half a millisecond.
_render = functools.lru_cache(maxsize=1024)(render_markdown)


def render_text(text: str, mentioned: Iterable[Employee] = ()) -> SafeString:
    """Return `text` as safe HTML, with each «@Name» of the people in `mentioned` as a link to the person."""
    html = _render(text)
    links = {escape(f"@{person.display_name}"): _link(person) for person in mentioned}
    if not links:
        return html
    # The longest name first: «@Kari Nordby Lie» is not «@Kari Nordby».
    names = re.compile("|".join(re.escape(name) for name in sorted(links, key=len, reverse=True)))
    parts = TAG.split(html)
    inside_link = False
    for place, part in enumerate(parts):
        if part.startswith("<"):
            inside_link = part.startswith("<a ") or (inside_link and part != "</a>")
        elif not inside_link:
            parts[place] = names.sub(lambda found: links[found.group()], part)
    return mark_safe("".join(parts))  # noqa: S308 - cleaned HTML and escaped links


def _link(person: Employee) -> SafeString:
    url = person.get_absolute_url()
    if not url:
        return format_html('<span class="mention">@{}</span>', person.display_name)
    return format_html('<a class="mention" href="{}">@{}</a>', url, person.display_name)
