"""How much one request may bring."""

from __future__ import annotations

from django.conf import settings

MEGABYTE = 1024 * 1024


def largest_body(path: str) -> int:
    """Return how many bytes a request to `path` may bring along: more where whole folders are sent."""
    larger = (size for start, size in settings.LARGER_REQUESTS.items() if path.startswith(start))
    return max([settings.LARGEST_REQUEST, *larger])


def in_megabytes(size: int) -> int:
    """Return a bound of so many bytes as it is told, in whole MB and never 0."""
    return max(size // MEGABYTE, 1)
