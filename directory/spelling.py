"""Names are heard before they are read: one key for the many ways to spell one sound."""

from __future__ import annotations

import re

from core.text import fold

# In order: what stands first is heard first.
_SOUNDS = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"ch|ck|q", "k"),
        (r"c(?=[eiy])|z", "s"),
        (r"c", "k"),
        (r"ph", "f"),
        (r"[gh]j", "j"),
        (r"dt|th", "t"),
        (r"w", "v"),
        (r"x", "ks"),
        (r"u", "o"),
        (r"[yj]", "i"),
        (r"(?<=[aeiou])h(?=[^aeiou]|$)", ""),
        (r"(.)\1+", r"\1"),
    )
]


def sound_key(text: str) -> str:
    """Return `text` as it sounds, word by word: Muhamed and Mohammed, Iqbal and Ikbal, Christian and Kristian meet."""
    key = fold(text)
    for pattern, sound in _SOUNDS:
        key = pattern.sub(sound, key)
    return key
