"""What people type: cleaned when it comes in, rendered when it goes out, folded when it is searched."""

from __future__ import annotations

import unicodedata

import nh3
from django.core.exceptions import ValidationError
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, paragraph

TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a", "blockquote", "code", "pre", "h3", "h4", "hr", "s"}

# Headings of what people write stand below the page's own h1 and h2. The lower go first: none is moved twice.
_HEADINGS = {"h6": "h4", "h5": "h4", "h3": "h4", "h2": "h3", "h1": "h3"}

# Finding addresses takes time with the square of a word's length; nobody means one as long as this, or so many.
LONGEST_LINK, MOST_LINKS = 1_000, 1_000

# Quotes and lists within one another; what is deeper the parser would leave out.
DEEPEST = 16


def _keep_the_deepest(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    return state.level >= DEEPEST and paragraph(state, start, end, silent)


def _reader(*rules: str) -> MarkdownIt:
    """Return what reads Markdown as people type it, with these rules besides."""
    markdown = MarkdownIt("commonmark", {"html": False, "linkify": "linkify" in rules, "breaks": True})
    markdown.enable(["strikethrough", *rules]).disable(["image"])
    markdown.block.ruler.before("code", "keep_the_deepest", _keep_the_deepest)
    return markdown


_linked, _unlinked = _reader("linkify"), _reader()

# What makes the text after it run the other way, and what ends that.
DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

# Norwegian letters order after z; aa is an old way to write å.
_SORT = str.maketrans({"æ": "z\ue001", "ä": "z\ue001", "ø": "z\ue002", "ö": "z\ue002", "å": "z\ue003"})
_FOLD = str.maketrans(
    {
        "æ": "ae",
        "ä": "ae",
        "ø": "o",
        "ö": "o",
        "å": "a",
        "đ": "d",
        "ð": "d",
        "ł": "l",
        "ŋ": "n",
        "ŧ": "t",
        "ß": "ss",
    }
)


def check_text(text: str, *, max_length: int) -> str:
    """Return `text` as typed. Raises ValidationError when it is too long or holds what cannot be stored."""
    if len(text) > max_length:
        raise ValidationError(
            _("The text is too long: %(length)d characters, and at most %(max)d fit."),
            code="too_long",
            params={"length": len(text), "max": max_length},
        )
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise ValidationError(_("The text has characters that cannot be stored."), code="bad_characters")
    return text


def check_visible(text: str, *, max_length: int) -> str:
    """Return `text` as typed: a few words without formatting, shown in lists and told to other systems.

    Raises ValidationError as `check_text` does, and for characters that steer a machine or turn the direction of
    what stands around them. What people write for each other at length may hold the latter; there it is isolated.
    """
    check_text(text, max_length=max_length)
    if any(c in DIRECTIONS or (c not in "\t\r\n" and unicodedata.category(c) == "Cc") for c in text):
        raise ValidationError(_("The text has hidden characters. Write it anew without them."), code="bad_characters")
    return text


def render_markdown(text: str) -> SafeString:
    """Return safe HTML for what a person wrote: lists, bold, links, quotes. HTML in it stands as text."""
    html = _markdown_for(text).render(text)
    for tag, lower in _HEADINGS.items():
        html = html.replace(f"<{tag}>", f"<{lower}>").replace(f"</{tag}>", f"</{lower}>")
    clean = nh3.clean(
        html,
        tags=TAGS,
        attributes={"a": {"href", "class"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer nofollow",
    )
    return mark_safe(clean)  # noqa: S308 - nh3 has cleaned it


def _markdown_for(text: str) -> MarkdownIt:
    """Return what reads `text`: without making links of bare addresses where they are too long or too many."""
    words = [word for word in text.split() if "." in word or ":" in word]
    sensible = len(words) <= MOST_LINKS and all(len(word) <= LONGEST_LINK for word in words)
    return _linked if sensible else _unlinked


def plain_text(text: str, *, length: int = 140) -> str:
    """Return at most the first `length` characters of a Markdown text as one plain line of whole words."""
    # Marks and addresses take room too, but nobody needs the whole of a long text read for its beginning.
    words = _words(text[: 8 * length + 1000]).split()
    line = " ".join(words)
    if len(line) <= length:
        return line
    cut = line[: length + 1].rpartition(" ")[0] or line[:length]
    return cut.rstrip(",.;:– ") + " …"


def first_line(text: str, *, length: int = 80) -> str:
    """Return the first heading, paragraph or line of a Markdown text as one plain line of whole words."""
    for line in text[: 8 * length + 1000].splitlines():
        if found := plain_text(line, length=length):
            return found
    return ""


def _words(text: str) -> str:
    """What is left of a Markdown text when its marks are gone."""
    found = []
    for block in _markdown_for(text).parse(text):
        if block.type in ("fence", "code_block"):
            found.append(block.content)
        for part in block.children or []:
            found.append(" " if part.type in ("softbreak", "hardbreak") else part.content)
        found.append(" ")
    return "".join(found)


def sort_key(name: str) -> str:
    """Return what sorts `name` as Norwegians do in any database collation: … z, æ, ø, å, with aa as å."""
    lowered = name.lower().replace("aa", "å").translate(_SORT)
    kept = (c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))
    return "".join(kept)


def fold(text: str) -> str:
    """Return `text` for searching: lower case, no accents, æøå and their spellings ae/oe/aa made one."""
    lowered = " ".join(text.lower().split()).translate(_FOLD)
    plain = "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))
    return plain.replace("aa", "a").replace("oe", "o")
