"""What the one search field searches: each app registers the things it can find."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.registry import Registry


@dataclass(frozen=True)
class Hit:
    """One thing found: where it leads and what stands on its line.

    `picture` is the address of a small photo. Without one, an `icon` in `color` stands there, or else initials.
    """

    title: str
    subtitle: str = ""
    url: str = ""
    picture: str = ""
    icon: str = ""
    color: str = "accent"

    @property
    def initials(self) -> str:
        """What stands in for a missing picture."""
        words = self.title.split()
        return "".join(word[0] for word in words[:1] + words[1:][-1:]).upper()


# Takes the employee who asks, what was typed and how many hits fit; starts from what the employee may see.
Finder = Callable[[Any, str, int], list[Hit]]


@dataclass(frozen=True)
class SearchSource:
    """One kind of thing to find: its name in the address, its order, its name on the tab, and how to find it."""

    name: str
    order: int
    label: Any
    find: Finder


sources: Registry[SearchSource] = Registry("search source")


def search_source(name: str, order: int = 100, *, label: Any = "") -> Callable[[Finder], Finder]:
    """Register the decorated function as what finds `name`; lower `order` stands first.

    The function takes (employee, text, limit) and returns at most `limit` hits, all visible to the employee.
    """

    def register(find: Finder) -> Finder:
        sources.add(name, SearchSource(name, order, label or name.capitalize(), find))
        return find

    return register


def sources_in_order() -> list[SearchSource]:
    """Return every registered source, in the order the tabs stand."""
    return sorted(sources, key=lambda source: (source.order, source.name))
