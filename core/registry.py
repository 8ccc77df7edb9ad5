"""A named set of things that apps add to while Django starts: kinds, thread owners, search sources."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Registry(Generic[T]):
    """Keeps items by key, in the order they were added."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._items: dict[str, T] = {}

    def add(self, key: str, item: T) -> T:
        """Keep `item` under `key` and return it. Raises ValueError when another item holds the key."""
        if self._items.setdefault(key, item) is not item:
            raise ValueError(f"two {self._what}s are called {key!r}")
        return item

    def get(self, key: str) -> T:
        """Return the item under `key`. Raises KeyError, naming what is known, when there is none."""
        try:
            return self._items[key]
        except KeyError:
            raise KeyError(f"no {self._what} called {key!r}; known: {', '.join(sorted(self._items))}") from None

    def find(self, key: str) -> T | None:
        """Return the item under `key`, or None."""
        return self._items.get(key)

    def __iter__(self) -> Iterator[T]:
        return iter(self._items.values())

    def items(self) -> list[tuple[str, T]]:
        """Return (key, item) pairs in the order they were added."""
        return list(self._items.items())
