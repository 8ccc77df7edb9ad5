"""Whom a text means by «@Kari Nordby»."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection

from django.db.models import Q

from core.text import fold
from directory.models import Employee
from directory.querysets import EmployeeQuerySet

MOST_WORDS = 5
MOST_MENTIONS = 50
NAME = re.compile(r"(?<![\w@])@(\w[\w'’.-]*(?:[ \u00a0][\w'’.-]+){0,4})")


def named_in(text: str, people: EmployeeQuerySet, chosen: Collection[str] = ()) -> list[Employee]:
    """Return those among `people` whom `text` names with @, in one query.

    `chosen` (public ids from the menu) decides between people of one name; a full name typed by hand counts where
    only one has it. People with a protected address are never found by the name HR knows.
    """
    spelt = _spelt(text)
    if not spelt:
        return []
    wanted = Q(public_id__in=list(chosen)[:MOST_MENTIONS]) | Q(folded_name__in=spelt, protected=False)
    found = [person for person in people.filter(wanted) if f"@{person.display_name}" in text or not person.protected]
    by_name: defaultdict[str, list[Employee]] = defaultdict(list)
    for person in found:
        by_name[fold(person.display_name)].append(person)
    named = []
    for name, namesakes in by_name.items():
        if name not in spelt:
            continue
        picked = [person for person in namesakes if person.public_id in chosen]
        named += picked or (namesakes if len(namesakes) == 1 else [])
    return named


def _spelt(text: str) -> set[str]:
    """Every beginning of what stands after an @: the name ends somewhere in it."""
    spelt = set()
    for found in list(NAME.finditer(text))[:MOST_MENTIONS]:
        words = found.group(1).split()
        for number in range(1, min(len(words), MOST_WORDS) + 1):
            spelt.add(fold(" ".join(words[:number]).rstrip(".'’-")))
    return spelt
