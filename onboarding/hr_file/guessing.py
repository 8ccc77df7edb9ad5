"""What was probably meant by a value that cannot be read: offered to a person as one button, never taken by itself."""

from __future__ import annotations

import calendar
import datetime
import re
from decimal import Decimal

from core.text import fold
from onboarding.hr_file.tidying import UnreadableError, read_date, read_number, read_percentage

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("januar jan january", "februar feb february", "mars mar march", "april apr", "mai may", "juni jun june",
         "juli jul july", "august aug", "september sep sept", "oktober okt october oct", "november nov",
         "desember des december dec"), start=1,
    )
    for name in names.split()
}  # fmt: skip
_THREE = re.compile(r"(\d{1,4})[./\- ](\d{1,2})[./\- ](\d{1,4})\.?(?:[ T]00:00(?::00(?:\.0+)?)?)?", re.ASCII)
_WORDS = re.compile(r"(\d{1,2})\.? ([a-zæøå]+)\.? (\d{4})")
_EIGHT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
# The day a spreadsheet counts from, and numbers that are days of these decades.
_DAY_NOUGHT = datetime.date(1899, 12, 30)
_SERIALS = range(25_000, 75_000)
_YES = ("y", "yes", "true", "sann", "x", "1", "ja.", "skjermet", "kode 6", "kode 7")
_NO = ("no", "false", "usann", "0", "nei.", "-")


def guess_date(text: str) -> str:
    """Return the day that was probably meant, as 2026-12-31; "" when there is no telling."""
    plain = " ".join(text.lower().split())
    if found := _WORDS.fullmatch(plain):
        month = _MONTHS.get(found.group(2))
        return _day(int(found.group(3)), month, int(found.group(1))) if month else ""
    if found := _THREE.fullmatch(plain):
        first, middle, last = found.groups()
        if len(first) == 4:
            return _day(int(first), int(middle), int(last))
        year = int(last) if len(last) == 4 else 2000 + int(last) if len(last) == 2 else 0
        # Here the day comes first; where that cannot be, the month.
        return _day(year, int(middle), int(first)) or _day(year, int(first), int(middle))
    if found := _EIGHT.fullmatch(plain):
        return _day(*map(int, found.groups()))
    if plain.removesuffix(",0").removesuffix(".0").isdecimal() and len(plain) <= 7:
        serial = int(re.split("[.,]", plain)[0])
        return (_DAY_NOUGHT + datetime.timedelta(days=serial)).isoformat() if serial in _SERIALS else ""
    return ""


def guess_existing(text: str) -> str:
    """Return the last day of the month, for a day after it (31.11.2026); "" for any other day that does not exist."""
    try:
        day, month, year = map(int, text.split(".")) if "." in text else reversed([*map(int, text.split("-"))])
        last = calendar.monthrange(year, month)[1]
    except (ValueError, calendar.IllegalMonthError):
        return ""
    return _day(year, month, last) if last < day <= 31 else ""


def guess_number(text: str) -> str:
    """Return the employee number that was probably meant: the digits, where there is one run of them."""
    digits = re.findall(r"\d+", re.sub(r"[.,]0+$", "", text), re.ASCII)
    try:
        return read_number(digits[0]) if len(digits) == 1 and 3 <= len(digits[0]) <= 20 else ""
    except UnreadableError:
        return ""


def guess_percentage(text: str) -> str:
    """Return the percentage that was probably meant by a part of one («0,8») or words («80 prosent»)."""
    found = re.fullmatch(r"(\d{1,3}(?:[.,]\d{1,2})?) ?(?:prosent|pst\.?|percent|% stilling)", fold(text))
    try:
        number = read_percentage(found.group(1) if found else text)
    except UnreadableError:
        return ""
    if not found:
        number *= 100
    return f"{number.normalize():f}".replace(".", ",") if Decimal(1) <= number <= 100 else ""


def guess_protection(text: str) -> str:
    """Return J or N for other words that say yes or no; "" for any other."""
    word = fold(text)
    return "J" if word in _YES else "N" if word in _NO else ""


def _day(year: int, month: int, day: int) -> str:
    try:
        date = datetime.date(year, month, day)
        return date.isoformat() if read_date(date.isoformat()) else ""
    except (ValueError, UnreadableError):
        return ""
