"""What an answer of a mail server means: for this message, for this address, or for all that wait."""

from __future__ import annotations

import datetime
import re
import smtplib
from email.errors import HeaderParseError

from anymail.exceptions import AnymailAPIError, AnymailError, AnymailInvalidAddress, AnymailRecipientsRefused

from notifications.channels.ledger import ChannelAwayError, RefusedForGoodError, TryLaterError

CLOSING, FULL, TOO_LARGE = 421, 452, 552
# It wants to know who we are, or does not like what we said of that.
_WHO_ARE_YOU = (530, 534, 535, 538)
FULL_MAILBOX_LATER = datetime.timedelta(hours=1)
# «There is nobody at that address», where the server says no more than the number.
_NOBODY = (550, 551, 553)
_ENHANCED = re.compile(r"^[245]\.(\d{1,3})\.(\d{1,3})\b")
_ADDRESS, _SYSTEM, _POLICY = "1", "3", "7"
# Some servers say of an unknown recipient that they cannot be reached.
_MAILBOX_DISABLED, _MAILBOX_FULL, _NO_ROAD = "2.1", "2.2", "4.1"
_RELAYING = re.compile(r"relay|client host|authenticat", re.IGNORECASE)
_BUSY, _FORBIDDEN = 429, (401, 402, 403)


class NotTakenError(RefusedForGoodError):
    """The server refuses the message or its recipient for good, or so it says: one that is not well says it too."""


class AddressRefusedError(NotTakenError):
    """There is nobody at the address."""


def meaning_of(error: Exception) -> Exception:
    """Return `error` as what it means for the ledger; the same one where it says nothing of the server."""
    if isinstance(error, AnymailError):
        return _of_service(error)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return _of_recipient(*next(iter(error.recipients.values()), (FULL, b"")))
    if isinstance(error, smtplib.SMTPSenderRefused):
        return _of_sender(error.smtp_code, error.smtp_error)
    if isinstance(error, smtplib.SMTPResponseException):
        return _of_message(error.smtp_code, error.smtp_error)
    if isinstance(error, smtplib.SMTPNotSupportedError | ValueError | HeaderParseError):
        return RefusedForGoodError(f"the address or text cannot be sent: {error}")
    if isinstance(error, OSError):  # cut off, too slow, gone: smtplib's other errors are such as well
        return ChannelAwayError(f"the line broke: {type(error).__name__}: {error}", in_hand=True)
    return error


def _of_recipient(code: int, said: object) -> Exception:
    """Of the person's address alone, unless the server closes, is full, or takes nothing from us."""
    answer, detail = _read(code, said)
    subject = detail.partition(".")[0]
    if code == CLOSING or (code < 500 and subject == _SYSTEM):
        return ChannelAwayError(answer)
    if _is_about_us(code, subject, answer) or (code >= 500 and subject == _SYSTEM):
        # Or about this recipient after all: so others go before it when the channel has rested.
        return ChannelAwayError(answer, in_hand=True)
    if detail == _MAILBOX_FULL or (code == TOO_LARGE and not detail):
        return TryLaterError(answer, FULL_MAILBOX_LATER)
    if code < 500:
        return TryLaterError(answer)
    is_nobody = subject == _ADDRESS or detail in (_MAILBOX_DISABLED, _NO_ROAD) or (not detail and code in _NOBODY)
    return (AddressRefusedError if is_nobody else NotTakenError)(answer)


def _is_about_us(code: int, subject: str, answer: str) -> bool:
    """Say whether the answer is about who sends: what the server lets us do, not whom we write to."""
    if code < 500:
        return False
    return code in _WHO_ARE_YOU or subject == _POLICY or (subject != _ADDRESS and bool(_RELAYING.search(answer)))


def _of_sender(code: int, said: object) -> Exception:
    """Whom we say we are is the same in every message: only a size speaks of this one."""
    answer, _detail = _read(code, said)
    return RefusedForGoodError(answer) if code == TOO_LARGE else ChannelAwayError(answer)


def _of_message(code: int, said: object) -> Exception:
    answer, detail = _read(code, said)
    if code in (CLOSING, FULL) or (code < 500 and detail.partition(".")[0] == _SYSTEM):
        return ChannelAwayError(answer)
    if code in _WHO_ARE_YOU:
        return ChannelAwayError(answer, in_hand=True)
    if code == TOO_LARGE:
        return RefusedForGoodError(answer)
    return TryLaterError(answer) if code < 500 else NotTakenError(answer)


def _read(code: int, said: object) -> tuple[str, str]:
    """Return the answer as text, and the last two parts of its enhanced number: «1.1» is «no such address»."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    found = _ENHANCED.match(text)
    return f"{code} {text}".strip(), f"{found[1]}.{found[2]}" if found else ""


def _of_service(error: AnymailError) -> Exception:
    """A service over HTTP. Its answer may repeat the message: only the number is kept."""
    if isinstance(error, AnymailRecipientsRefused):
        return AddressRefusedError("the service refused the address")
    if isinstance(error, AnymailInvalidAddress):
        return RefusedForGoodError("the service cannot read the address")
    status: int | None = error.status_code
    text = f"the service answered {status}" if status else f"the service could not be reached: {type(error).__name__}"
    if status is None:
        return ChannelAwayError(text) if isinstance(error, AnymailAPIError) else RefusedForGoodError(text)
    if status == _BUSY or status in _FORBIDDEN:
        return ChannelAwayError(text, _retry_after(error))
    if status >= 500:
        return ChannelAwayError(text, _retry_after(error), in_hand=True)
    return RefusedForGoodError(text)


def _retry_after(error: AnymailError) -> datetime.timedelta | None:
    headers = getattr(error.response, "headers", {})
    text = str(headers.get("Retry-After", ""))
    return datetime.timedelta(seconds=int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else None
