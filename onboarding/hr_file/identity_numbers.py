"""National identity numbers never come in, wherever in a file they stand."""

from __future__ import annotations

import re
import unicodedata

# Eleven digits in a row, however they are spaced, that are not the tail of an international telephone number.
_ELEVEN_DIGITS = re.compile(r"(?<![\d+])\d(?:[ .\-]?\d){10}(?!\d)")
# Whatever stands between them but the file's own separator: a quick look that lets nearly every line through.
_MAYBE_ELEVEN = re.compile(r"\d(?:[^\w;]{0,4}\d){10}")
# Ten digits filling a cell: one whose first digit, 0, a spreadsheet has taken. Then the day, the month (also that of
# test persons), and what is left.
_LOST_ZERO = re.compile(r"(?:^|;)\W*([1-9](?:[048][1-9]|[159][0-2])\d{7})\W*(?=;|$)", re.ASCII)
_WEIGHTS = ((3, 7, 6, 1, 8, 9, 4, 5, 2, 1), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1))
HIDDEN = "•••"


def holds_identity_number(text: str) -> bool:
    """Say whether `text`, a cell or a whole line, has eleven digits whose check digits are those of an identity number.

    Ten digits that fill a cell count too where they lack only the 0 that a spreadsheet takes off the front.
    """
    if any(_is_identity_number(f"0{found.group(1)}") for found in _LOST_ZERO.finditer(text)):
        return True
    if not _MAYBE_ELEVEN.search(text):
        return False
    return any(_is_identity_number(found.group()) for found in _ELEVEN_DIGITS.finditer(_plain(text)))


def without_identity_numbers(text: str) -> str:
    """Return `text` as it may be shown and stored: blanked when it holds an identity number."""
    return HIDDEN if holds_identity_number(text) else text


def _plain(text: str) -> str:
    # Full-width digits, fixed spaces and invisible characters must not smuggle one in.
    if text.isascii():
        return text
    folded = unicodedata.normalize("NFKC", text)
    return "".join("-" if unicodedata.category(c) == "Pd" else c for c in folded if unicodedata.category(c) != "Cf")


def _is_identity_number(text: str) -> bool:
    digits = [int(character) for character in text if character.isdigit()]
    return all(sum(d * w for d, w in zip(digits, weights, strict=False)) % 11 == 0 for weights in _WEIGHTS)
