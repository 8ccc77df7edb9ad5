"""«Did you mean …?»: the unit whose name is most like what was written."""

from __future__ import annotations

from difflib import SequenceMatcher

from core.text import fold
from onboarding.hr_file.known import KnownUnit, KnownUnits

LIKE_ENOUGH = 0.72
# Comparing takes time: a file with another city's units must not take an hour.
MAX_COMPARISONS = 300


class UnitSuggester:
    """Suggests units, remembering what it has been asked."""

    def __init__(self, units: KnownUnits) -> None:
        self._units = units
        self._answers: dict[tuple[str, str], KnownUnit | None] = {}

    def suggest(self, name: str, agency_code: str) -> KnownUnit | None:
        """Return the unit of the agency (of all, when the agency is unknown) most like `name`; None if none is."""
        asked = (fold(name), agency_code)
        if asked not in self._answers:
            if not asked[0] or len(self._answers) >= MAX_COMPARISONS:
                return None
            self._answers[asked] = self._closest(*asked)
        return self._answers[asked]

    def _closest(self, name: str, agency_code: str) -> KnownUnit | None:
        scored = [(likeness(name, unit.folded_name), unit) for unit in self._units.of_agency(agency_code)]
        best = max(scored, key=lambda pair: pair[0], default=(0.0, None))
        return best[1] if best[0] >= LIKE_ENOUGH else None


def likeness(wanted: str, candidate: str) -> float:
    """Return from 0 to 1 how alike two folded names are; abbreviated words count as nearly the same."""
    if wanted == candidate:
        return 1.0
    words, others = wanted.split(), candidate.split()
    if not words or not others:
        return 0.0
    whole = SequenceMatcher(None, wanted, candidate).ratio()
    by_word = sum(max((_word_likeness(word, other) for other in others), default=0) for word in words) / len(words)
    # Words left over in the candidate count a little against it.
    return max(whole, by_word - 0.03 * max(0, len(others) - len(words)))


def _word_likeness(word: str, other: str) -> float:
    if word == other:
        return 1.0
    plain = word.rstrip(".")
    if plain and plain[0] == other[0] and _is_abbreviation(plain, other):
        return 0.85
    return SequenceMatcher(None, word, other).ratio()


def _is_abbreviation(short: str, long: str) -> bool:
    letters = iter(long)
    return len(short) < len(long) and all(letter in letters for letter in short)
