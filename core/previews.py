"""Links to our own pages in what people write: what they lead to, as a small card for those who may see it."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping
from typing import Any, ClassVar, TypeVar

from django.conf import settings
from django.db.models import QuerySet
from django.urls import Resolver404, resolve

from core.registry import Registry
from core.search import Hit

MOST_CARDS = 3
# Nobody means the thousandth link of a text.
MOST_LINKS = 20

Key = TypeVar("Key", bound=Hashable)
Source = TypeVar("Source", bound="type[PreviewSource]")
Link = tuple[str, str]


class PreviewSource:
    """What the links to one kind of page lead to. Register it in the app's `previews.py`.

    A link tells no more to its reader than the page it leads to tells to everyone who works here: what is closed or
    secret stays a bare link, for its members too.
    """

    url_name: ClassVar[str]

    def rows(self, employee: Any, public_ids: Collection[str]) -> QuerySet[Any, Any]:
        """Return a query for (public id, facts as JSON) of those that `employee` may be told of."""
        raise NotImplementedError

    def card(self, facts: dict[str, Any]) -> Hit:
        """Return the card for the facts of one row."""
        raise NotImplementedError


sources: Registry[PreviewSource] = Registry("preview source")


def preview_source(source: Source) -> Source:
    """Register the decorated class."""
    sources.add(source.url_name, source())
    return source


def preview_links(employee: Any, texts: Mapping[Key, str]) -> dict[Key, list[Hit]]:
    """Return the cards of the links in each text: one statement for a whole page, none where nothing links here."""
    found = {key: links for key, text in texts.items() if (links := links_in(text))}
    wanted: defaultdict[str, set[str]] = defaultdict(set)
    for name, public_id in {link for links in found.values() for link in links}:
        wanted[name].add(public_id)
    queries = [sources.get(name).rows(employee, ids).order_by() for name, ids in sorted(wanted.items())]
    if not queries:
        return {}
    rows = queries[0].union(*queries[1:], all=True) if queries[1:] else queries[0]
    facts = dict(rows)
    cards = {
        public_id: sources.get(name).card(facts[public_id])
        for name, ids in wanted.items()
        for public_id in ids
        if public_id in facts
    }
    return {key: [cards[public_id] for _, public_id in links if public_id in cards] for key, links in found.items()}


@functools.lru_cache(maxsize=1024)
def links_in(text: str) -> tuple[Link, ...]:
    """Return the first links to pages of ours that can have a card: the name of the page's route and a public id."""
    if settings.SITE_ADDRESS not in text:
        return ()
    links: dict[Link, None] = {}
    for found in _addresses(settings.SITE_ADDRESS).findall(text)[:MOST_LINKS]:
        if link := _resolved(found):
            links[link] = None
    return tuple(links)[:MOST_CARDS]


@functools.lru_cache(maxsize=4)
def _addresses(site: str) -> re.Pattern[str]:
    return re.compile(re.escape(site) + r"(/[\w/-]{1,200})")


def _resolved(path: str) -> Link | None:
    try:
        match = resolve(path)
    except Resolver404:
        return None
    known = match.url_name and sources.find(match.url_name)
    return (match.url_name, match.kwargs["public_id"]) if known and match.url_name else None
