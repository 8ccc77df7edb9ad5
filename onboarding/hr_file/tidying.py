"""One value at a time: what HR typed, made what we keep. Each reader returns the value or raises what is wrong."""

from __future__ import annotations

import datetime
import re
import unicodedata
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from core.national_ids import holds_national_id
from core.spreadsheets import harmless
from core.text import DIRECTIONS, fold

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_NORWEGIAN = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)
_PLAIN_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[ '’.()-])*")
_MARKUP = re.compile(r"[<>]|&#|javascript:|https?://", re.IGNORECASE)
# Most signs of UTF-8 that was read as Windows-1252: «Ã¸» for «ø».
_MOJIBAKE = re.compile("[ÃÂ][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u2122]")
# What a spreadsheet shows where a formula failed, in Norwegian and English, or a column is too narrow.
_SHEET_ERROR = re.compile(r"#(N/A|I/T|REF!|REFERANSE!|VALUE!|VERDI!|NAME\?|NAVN\?|DIV/0!|NULL!|NUM!|TALL!|#{3,})")
_YEARS = range(1940, 2101)
LANGUAGES = {
    "nb": "nb", "bokmål": "nb", "bokmal": "nb", "b": "nb", "no": "nb",
    "nn": "nn", "nynorsk": "nn", "n": "nn",
    "en": "en", "engelsk": "en", "english": "en",
}  # fmt: skip
PROTECTION = {"j": True, "ja": True, "n": False, "nei": False}


class UnreadableError(ValueError):
    """The value cannot be what its column needs; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def tidy_text(text: str) -> str:
    """Return `text` trimmed, composed (NFC), with single spaces and without invisible characters.

    Raises UnreadableError for control and direction characters, for letters lost in an earlier conversion and for what
    a spreadsheet shows in place of a value.
    """
    text = _without_quote(text)
    if "#" in text[:9] and _SHEET_ERROR.fullmatch(text.strip()):
        raise UnreadableError("spreadsheet_error")
    if text.isprintable() and "  " not in text and text == text.strip() and unicodedata.is_normalized("NFC", text):
        if "\ufffd" in text:
            raise UnreadableError("broken_characters")
        return text
    spaced = " ".join(unicodedata.normalize("NFC", text).split())
    if any(c in DIRECTIONS or unicodedata.category(c) in {"Cc", "Co", "Cn"} for c in spaced):
        raise UnreadableError("control_characters")
    if "\ufffd" in spaced:
        raise UnreadableError("broken_characters")
    return "".join(c for c in spaced if unicodedata.category(c) != "Cf" or c in "\u200c\u200d")


def _without_quote(text: str) -> str:
    # The mark we put before what a spreadsheet would take for a formula, come back.
    return text[1:] if text[:1] == "'" and harmless(text[1:]) == text else text


def read_number(text: str) -> str:
    """Return an employee number: its digits as text, leading zeros kept."""
    digits = text.removeprefix("'").replace(" ", "")
    if digits.isascii() and digits.isdigit():
        return digits
    if re.fullmatch(r"\d+([.,]\d+)?[eE]\+?\d+", digits):
        raise UnreadableError("number_in_exponent")
    raise UnreadableError("number_not_digits")


def check_name(text: str) -> str | None:
    """Return the code of what is odd about a name that is kept as typed; None when nothing is.

    Raises UnreadableError for what cannot be a name: markup, addresses, formulas.
    """
    if not text or _PLAIN_NAME.fullmatch(text):
        return None
    if _MARKUP.search(text) or (text[0] in "=@" and not text[1:].isalpha()) or not any(c.isalpha() for c in text):
        raise UnreadableError("not_a_name")
    if text[0] in "=+-@" or any(c.isdigit() or c in '|{}[]\\^%$#!?*_"=+@;/' for c in text):
        return "odd_name"
    return None


def name_words(name: str) -> frozenset[str]:
    """Return the words of a name, folded: two names that share none are wholly different."""
    return frozenset(re.findall(r"\w+", fold(name)))


def mend_mojibake(text: str) -> str:
    """Return what a name was before «ø» became «Ã¸»; "" when it looks right as it is."""
    if not _MOJIBAKE.search(text):
        return ""
    try:
        mended = text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return ""
    return mended if mended != text and not holds_national_id(mended) else ""


def read_email(text: str) -> str:
    """Return an e-mail address as typed."""
    try:
        validate_email(text)
    except ValidationError:
        raise UnreadableError("email_invalid") from None
    # Letters that are another's in capitals (ı, ſ) would make two addresses one at sign-in.
    if text.upper().lower() != text.lower():
        raise UnreadableError("email_invalid")
    return text


def mend_email(text: str) -> str:
    """Return the address that was probably meant; "" when there is no telling."""
    guess = text.removeprefix("mailto:").strip(" .,<>").replace(" ", "").replace(",", ".").replace("..", ".")
    try:
        return read_email(guess) if guess != text else ""
    except UnreadableError:
        return ""


def read_phone(text: str) -> str:
    """Return a telephone number the Norwegian way: «900 00 000», «22 33 44 55», or «+46…» as it is."""
    if not text:
        return ""
    digits = re.sub(r"[\s().\-/]", "", text)
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    if digits.startswith("+47") and len(digits) == 11:
        digits = digits[3:]
    if not re.fullmatch(r"\d{5}|\d{8}|\+\d{7,15}", digits, re.ASCII):
        raise UnreadableError("phone_unreadable")
    if len(digits) != 8:
        return digits
    if digits[0] in "489":
        return f"{digits[:3]} {digits[3:5]} {digits[5:]}"
    return " ".join(digits[start : start + 2] for start in range(0, 8, 2))


def read_date(text: str) -> datetime.date | None:
    """Return the date in `text` (2026-12-31 or 31.12.2026); None when it is empty."""
    if not text:
        return None
    if found := _ISO.fullmatch(text):
        year, month, day = map(int, found.groups())
    elif found := _NORWEGIAN.fullmatch(text):
        day, month, year = map(int, found.groups())
    else:
        raise UnreadableError("date_unreadable")
    try:
        date = datetime.date(year, month, day)
    except ValueError:
        raise UnreadableError("date_impossible") from None
    if year not in _YEARS:
        raise UnreadableError("date_unlikely")
    return date


def read_percentage(text: str) -> Decimal:
    """Return a percentage from 0 to 100; a decimal comma and a per cent sign are understood."""
    plain = text.removesuffix("%").strip().replace(",", ".")
    try:
        number = Decimal(plain) if re.fullmatch(r"\d{1,3}(\.\d{1,6})?", plain, re.ASCII) else None
    except InvalidOperation:
        number = None
    if number is None or number > 100:
        raise UnreadableError("percentage_unreadable")
    return number.quantize(Decimal("0.01"))


def position_key(code: str, title: str) -> str:
    """Return what tells two jobs of one person in one unit apart: the position code, or the title tidied."""
    return code or " ".join(title.lower().split())
