"""How names and words are spelt: one form to search by, one for how they sound, and how far two are apart."""

from __future__ import annotations

import re

from core.text import fold

_WORD = re.compile(r"[^\W_]+")
# What stands first in a long word is typed first: its beginning has neighbours of its own.
BEGINNING = 6
_TIDY = (
    (re.compile(r"ch|ck|q"), "k"),
    (re.compile(r"c(?=[eiy])|z"), "s"),
    (re.compile(r"c"), "k"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"[gh]j"), "j"),
    (re.compile(r"dt|th"), "t"),
    (re.compile(r"w"), "v"),
    (re.compile(r"x"), "ks"),
    (re.compile(r"u"), "o"),
    (re.compile(r"[yj]"), "i"),
    (re.compile(r"(?<=[aeiou])h(?=[^aeiou]|$)"), ""),
    (re.compile(r"(.)\1+"), r"\1"),
)


def search_key(text: str) -> str:
    """Return `text` as it is searched by: folded, and æ like a, for many type the one for the other."""
    return fold(text).replace("ae", "a")


def words_of(text: str) -> list[str]:
    """Return the words of `text` as they are searched by. Whatever is neither letter nor digit parts them."""
    return _WORD.findall(search_key(text))


def sound_key(text: str) -> str:
    """Return `text` as it sounds, word by word: Muhamed and Mohammed, Iqbal and Ikbal, Christian and Kristian meet."""
    key = search_key(text)
    for pattern, sound in _TIDY:
        key = pattern.sub(sound, key)
    return key


def neighbours(sound: str) -> set[str]:
    """Return what words a slip of the finger apart share: the sound, and it with any one letter left out.

    So too of the beginning of a long word, for those who have not typed the whole.
    """
    near = _without_one(sound)
    return near | _without_one(sound[:BEGINNING]) if len(sound) > BEGINNING else near


def _without_one(sound: str) -> set[str]:
    if len(sound) < 4:
        return {sound}
    return {sound, *(sound[:place] + sound[place + 1 :] for place in range(len(sound)))}


def distance(one: str, other: str) -> int:
    """Return how many letters must be added, left out, changed or swapped with the next to make `one` the `other`."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        older, before, row = before, row, [place]
        for column, wanted in enumerate(other, 1):
            cost = min(before[column] + 1, row[-1] + 1, before[column - 1] + (letter != wanted))
            swapped = place > 1 and column > 1 and letter == other[column - 2] and one[place - 2] == wanted
            row.append(min(cost, older[column - 2] + 1) if swapped else cost)
    return row[-1]
