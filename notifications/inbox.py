"""What waits for a person: stored notifications, and what other apps keep in tables of their own.

Announcements are not copied into everyone's inbox: their app registers a source that is asked at read time.
"""

from __future__ import annotations

from collections.abc import Callable

from core.registry import Registry
from directory.models import Employee

# Each source answers how many entries of its own the person has not read.
unread_sources: Registry[Callable[[Employee], int]] = Registry("inbox source")


def count_unread(employee: Employee) -> int:
    """Return how many entries wait for `employee`, over every source."""
    return employee.notifications.unread().count() + sum(source(employee) for source in unread_sources)
