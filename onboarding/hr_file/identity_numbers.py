"""National identity numbers never come in, wherever in a file they stand."""

from __future__ import annotations

import re
import unicodedata

from core.national_ids import is_national_id

# However its digits are kept apart within a cell: spaces that will be tidied away, signs, underscores.
_APART = r"(?:[^\w;]|_){0,12}"
_ELEVEN = rf"(\d(?:{_APART}\d){{10}})(?!\d)"
# Not the tail of an international telephone number; but one behind the country's prefix, where none belongs.
_ALONE = re.compile(rf"(?<![\d+])(?={_ELEVEN})")
_PREFIXED = re.compile(rf"(?<!\d)(?:\+|00)?(?:47|00){_APART}(?={_ELEVEN})")
# A quick look that lets nearly every line through.
_MAYBE_ELEVEN = re.compile(rf"\d(?:{_APART}\d){{10}}")
# Ten digits filling a cell: one whose first digit, 0, a spreadsheet has taken. Then the day, the month (also that of
# test persons), and what is left.
_LOST_ZERO = re.compile(r"(?:^|;)[^\w;]{0,9}([1-9](?:[048][1-9]|[159][0-2])\d{7})[^\w;]{0,9}(?=;|$)", re.ASCII)
HIDDEN = "•••"


def holds_identity_number(text: str) -> bool:
    """Say whether `text`, a cell or a whole line, has eleven digits whose check digits are those of an identity number.

    Ten digits that fill a cell count too where they lack only the 0 that a spreadsheet takes off the front.
    """
    if any(_is_identity_number(f"0{found.group(1)}") for found in _LOST_ZERO.finditer(text)):
        return True
    if not _MAYBE_ELEVEN.search(text):
        return False
    plain = _plain(text)
    return any(_is_identity_number(found.group(1)) for by in (_ALONE, _PREFIXED) for found in by.finditer(plain))


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
    return is_national_id("".join(str(unicodedata.digit(character)) for character in text if character.isdigit()))
