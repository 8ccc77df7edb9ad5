"""Everyday posts for the groups nobody wrote for by hand: drawn from a bank, put in the unit's own words."""

from __future__ import annotations

import random
from typing import Any

from groups.models import Group
from intranet.demo.posting import Scribe
from intranet.demo.sources import read

DAYS = 90
KINDS = {"like": 70, "heart": 12, "well_done": 8, "useful": 8, "fun": 2}
HOURS = [
    "06:40",
    "07:12",
    "07:55",
    "08:20",
    "09:35",
    "10:50",
    "11:24",
    "12:40",
    "13:15",
    "14:05",
    "15:10",
    "18:30",
    "20:45",
]


def write_everyday_posts(scribe: Scribe, groups: list[Group], chance: random.Random, at_most: int) -> None:
    """Give each of `groups` a few posts of the last months, `at_most` in all, with comments and reactions."""
    bank = Bank(chance)
    written = 0
    for group in groups:
        members = scribe.readers.get(group.pk, [])
        if len(members) < 3:
            continue
        for _ in range(chance.randint(2, 7)):
            if written >= at_most:
                return
            scribe.add_post(bank.post(group, members), group)
            scribe.posts[-1]["author"] = chance.choice(members)
            written += 1


class Bank:
    """Draws posts and comments."""

    def __init__(self, chance: random.Random) -> None:
        words = read("words")
        self.chance = chance
        self.posts: list[str] = words["everyday_posts"]
        self.comments: list[str] = words["everyday_comments"]

    def post(self, group: Group, members: list[int]) -> dict[str, Any]:
        """Return one post for `group` in the form of the hand-written ones."""
        room = max(1, len(members) // 3)
        return {
            "author": "any:",
            "when": {"days_ago": int(self.chance.triangular(0, DAYS, 4)), "at": self.chance.choice(HOURS)},
            "text": self.chance.choice(self.posts).replace("{group}", group.name),
            "reactions": self._reactions(min(room, 40)),
            "comments": [self._comment() for _ in range(self.chance.choices([0, 1, 2, 3, 5], [40, 25, 18, 10, 7])[0])],
        }

    def _comment(self) -> dict[str, Any]:
        return {
            "author": "any:",
            "after_minutes": self.chance.randint(3, 600),
            "text": self.chance.choice(self.comments),
            "reactions": self._reactions(3),
        }

    def _reactions(self, at_most: int) -> dict[str, int]:
        counts: dict[str, int] = {}
        for kind in self.chance.choices(list(KINDS), list(KINDS.values()), k=self.chance.randint(0, at_most)):
            counts[kind] = counts.get(kind, 0) + 1
        return counts
