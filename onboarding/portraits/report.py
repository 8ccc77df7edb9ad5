"""What became of each picture, in words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

TAKEN, UNNAMED, UNKNOWN, BAD, HAS_PHOTO, WAITING, SAID_NO, PROTECTED, TWICE, NOT_REACHED = (
    *("taken", "unnamed", "unknown", "bad", "has_photo", "waiting", "said_no", "protected", "twice", "not_reached"),
)
WORDS: dict[str, Any] = {
    TAKEN: _("Taken: the person is asked"),
    UNNAMED: _("The name is not an employee number. Call the file 00104882.jpg, for instance"),
    UNKNOWN: _("Nobody who works here has this number"),
    BAD: _("The file cannot be used"),
    HAS_PHOTO: _("Already has a picture"),
    WAITING: _("Is asked already"),
    SAID_NO: _("Has said no to a picture"),
    PROTECTED: _("Has a protected address, and is left out"),
    TWICE: _("There is another picture with this number"),
    NOT_REACHED: _("Not reached in time. Send these once more"),
}
# So many lines are listed; the rest is only counted.
LINES_KEPT = 200


@dataclass(frozen=True)
class Line:
    """One file that was not taken."""

    name: str
    outcome: str
    reason: str = ""

    @property
    def words(self) -> str:
        """What became of it."""
        return str(WORDS[self.outcome])


@dataclass
class Report:
    """The whole: how many of each outcome, and the files that were not taken."""

    counts: Counter[str] = field(default_factory=Counter)
    lines: list[Line] = field(default_factory=list)
    # What `withdraw_proposals` undoes.
    batch: str = ""

    def add(self, name: str, outcome: str, reason: str = "") -> None:
        """Count one file, and list it unless it was taken."""
        self.counts[outcome] += 1
        if outcome != TAKEN and len(self.lines) < LINES_KEPT:
            self.lines.append(Line(name[-120:], outcome, reason))

    @property
    def total(self) -> int:
        """How many files there were."""
        return sum(self.counts.values())

    @property
    def rows(self) -> list[tuple[str, int]]:
        """The outcomes there were, in words, with their numbers."""
        return [(str(words), self.counts[outcome]) for outcome, words in WORDS.items() if self.counts[outcome]]

    @property
    def unlisted(self) -> int:
        """How many that were not taken are only counted."""
        return self.total - self.counts[TAKEN] - len(self.lines)
