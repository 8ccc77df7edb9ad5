"""Norwegian national identity numbers in what people type: they do not belong in a conversation.

Eleven digits: a date, three digits and two control digits. The weights are those of the National Population Register
(Skatteetaten, «Oppbygging av fødselsnummeret»); a D number has 4 added to its first digit, a synthetic one 40 or 80
(or 65) to its month.
"""

from __future__ import annotations

import re

_CANDIDATE = re.compile(r"(?<!\d)(\d{6})[ \u00a0\u202f.-]?(\d{5})(?!\d)")
_FIRST = (3, 7, 6, 1, 8, 9, 4, 5, 2)
_SECOND = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
_MONTHS_ADDED = (0, 40, 65, 80)


def holds_national_id(text: str) -> bool:
    """Say whether `text` holds eleven digits that are a valid number; a space or sign after the date is fine."""
    return any(is_national_id(date + rest) for date, rest in _CANDIDATE.findall(text))


def is_national_id(number: str) -> bool:
    """Say whether `number`, eleven digits, has the date and the control digits of a valid number."""
    digits = [int(digit) for digit in number if digit.isascii()]
    return len(digits) == 11 and _has_date(number) and _has_controls(digits)


def _has_date(number: str) -> bool:
    day, month = int(number[:2]), int(number[2:4])
    return 1 <= day % 40 <= 31 and any(1 <= month - added <= 12 for added in _MONTHS_ADDED)


def _has_controls(digits: list[int]) -> bool:
    first = -sum(weight * digit for weight, digit in zip(_FIRST, digits, strict=False)) % 11
    second = -sum(weight * digit for weight, digit in zip(_SECOND, digits, strict=False)) % 11
    return first == digits[9] and second == digits[10]
