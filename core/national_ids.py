"""Norwegian national identity numbers in what people type and systems send: the one place that knows them.

Eleven digits: a date, three digits and two control digits. The weights are those of the National Population Register
(Skatteetaten, «Oppbygging av fødselsnummeret»); a D number has 4 added to its first digit, a synthetic one 40 or 80
(or 65) to its month.

Everything here takes time in proportion to the text, whatever the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import accumulate

HIDDEN = "•••"
LONGEST = 100_000
# Digits with nothing but spaces and signs between them, however many: spaces are tidied away later.
_CHAIN = re.compile(r"\+?\d(?:[\W_]*+\d)*+")
_GROUP = re.compile(r"(\+?)(\d++)")
# Ten digits that are all there is: one whose first digit, 0, a spreadsheet has taken. Then the day, the month (also
# that of test persons), and what is left. A plus makes it a telephone number.
_LOST_ZERO = re.compile(r"(?:[^\w+]|_)*+([1-9](?:[048][1-9]|[159][0-2])\d{7})[\W_]*+")
_ABROAD = re.compile(r"(?:00){0,2}")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_LENGTH, _DATE_LENGTH, _COUNTRY = 11, 6, "47"
_FIRST = (3, 7, 6, 1, 8, 9, 4, 5, 2)
_SECOND = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
_MONTHS_ADDED = (0, 40, 65, 80)


def holds_national_id(text: str) -> bool:
    """Say whether `text`, a value or something written, holds a valid number, however its digits are kept apart.

    What a telephone's prefix stands before counts too, unless it can be a telephone number; so do ten digits that are
    the whole text and lack only the 0 that a spreadsheet takes off the front. Digits within a longer row of digits
    are something else. Of a text longer than any that is kept, the first `LONGEST` characters are looked at.
    """
    if len(text) < _LENGTH - 1:
        return False
    plain = text[:LONGEST] if text.isascii() else _NOT_ASCII.sub(_plain_digit, text[:LONGEST])
    lost = _LOST_ZERO.fullmatch(plain)
    if lost and is_national_id(f"0{lost.group(1)}"):
        return True
    chains = [chain for chain in _CHAIN.findall(plain) if len(chain) >= _LENGTH]
    return any(is_national_id(number) for chain in chains for number in _candidates(chain))


def without_national_ids(text: str) -> str:
    """Return `text` as it may be shown and stored: blanked when it holds a number."""
    return HIDDEN if holds_national_id(text) else text


def is_national_id(number: str) -> bool:
    """Say whether `number`, eleven digits, has the date and the control digits of a valid number."""
    digits = [int(digit) for digit in number if digit.isascii()]
    return len(digits) == _LENGTH and _has_date(number) and _has_controls(digits)


def _plain_digit(found: re.Match[str]) -> str:
    # Full-width, Arabic, raised and circled digits read as digits.
    value = unicodedata.digit(found.group(), None)
    return found.group() if value is None else str(value)


def _candidates(chain: str) -> Iterator[str]:
    """Each eleven digits that somebody may have meant as one number: from where a group begins to where one ends.

    Within a longer chain, such as a list of telephone numbers, a group must end with the date too, or be all of it.
    """
    groups = _GROUP.findall(chain)
    digits = "".join(group for _plus, group in groups)
    if len(digits) < _LENGTH:
        return
    ends = list(accumulate(len(group) for _plus, group in groups))
    breaks = set(ends)
    for (plus, group), its_end in zip(groups, ends, strict=True):
        start = its_end - len(group)
        for begin in _beginnings(digits, start, has_plus=bool(plus)):
            end = begin + _LENGTH
            is_all = start == 0 and end == len(digits)
            if end in breaks and (is_all or end == its_end or begin + _DATE_LENGTH in breaks):
                yield digits[begin:end]


def _beginnings(digits: str, start: int, *, has_plus: bool) -> list[int]:
    """Where a number may begin: at `start`, or behind a prefix. Behind another country's only with a 0, as in none."""
    prefix = _ABROAD.match(digits, start)
    at = prefix.end() if prefix else start
    is_abroad = has_plus or at > start
    begins = [place for place in range(at, at + 4) if digits[place : place + 1] == "0"] if is_abroad else [at]
    return begins + [at + len(_COUNTRY)] if digits.startswith(_COUNTRY, at) else begins


def _has_date(number: str) -> bool:
    day, month = int(number[:2]), int(number[2:4])
    return 1 <= day % 40 <= 31 and any(1 <= month - added <= 12 for added in _MONTHS_ADDED)


def _has_controls(digits: list[int]) -> bool:
    first = -sum(weight * digit for weight, digit in zip(_FIRST, digits, strict=False)) % 11
    second = -sum(weight * digit for weight, digit in zip(_SECOND, digits, strict=False)) % 11
    return first == digits[9] and second == digits[10]
