"""What a code looks like, what is kept of it, and the two facts that go with it."""

from __future__ import annotations

import datetime
import re
import secrets

from django.db.models import Min
from django.utils.crypto import constant_time_compare, salted_hmac

from core.public_ids import ALPHABET
from directory.models import Employee
from onboarding.models import SignInCode

# 47 bits: nobody tries them all at twenty in ten minutes, and nobody knows the facts besides.
LENGTH = 10
HALF = LENGTH // 2
# So often may the facts be wrong before the code is worthless.
MOST_WRONG = 5
# And so often for one person, whatever codes are made meanwhile: a helper with new codes guesses no facts either.
MOST_WRONG_OF_ONE = 10
COUNTED_DAYS = 3
# So much of the mobile number is asked for.
LAST_DIGITS = 4
# How long a code can be used, from when it opens.
LASTS = {
    SignInCode.Road.HAND: datetime.timedelta(hours=24),
    SignInCode.Road.LETTER: datetime.timedelta(days=30),
    SignInCode.Road.SMS: datetime.timedelta(days=7),
    SignInCode.Road.EMAIL: datetime.timedelta(days=7),
}
_DATE = re.compile(r"(\d{1,2})[./ -]\s?(\d{1,2})[./ -]\s?(\d{4}|\d{2})")


def new_code() -> str:
    """Return a code nobody can guess, in letters and digits that nobody mistakes for one another."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def shown(code: str) -> str:
    """Return the code as it is written for people: «K7M2P-9XW4B»."""
    return f"{code[:HALF]}-{code[HALF:]}".upper()


def typed(text: str) -> str:
    """Return what somebody typed as a code is stored: whatever spaces, dashes and capitals it was written with."""
    return re.sub(r"[\s\-‐-―_.]", "", text).lower()[:40]


def digest_of(code: str) -> str:
    """Return what is kept of a code: useless without the server's own secret."""
    return salted_hmac("onboarding.sign_in_code", code, algorithm="sha256").hexdigest()


def has_facts(employee: Employee) -> bool:
    """Say whether HR has given the facts a code is bound to. `first_date` on the person saves asking for it."""
    if not employee.employee_number:
        return False
    return bool(_mobile(employee) or getattr(employee, "first_date", None) or _first_date(employee))


def asks_mobile(employee: Employee) -> bool:
    """Say whether the end of the mobile number is asked for beside the employee number; else it is the first day."""
    return bool(_mobile(employee))


def facts_fit(employee: Employee | None, number: str, fact: str) -> bool:
    """Say whether somebody knows both facts about `employee`; for None (no such code) it costs as much.

    They are the employee number, which colleagues, leaders and superusers are shown nowhere; and the end of the
    mobile number HR has, or where HR has none, the first day of work.
    """
    person = employee or Employee()
    knows_number = constant_time_compare(number.strip() or "-", person.employee_number or "")
    mobile = _mobile(person)
    if mobile:
        knows_fact = constant_time_compare("".join(re.findall(r"\d", fact))[-LAST_DIGITS:], mobile)
    else:
        knows_fact = constant_time_compare(_date(fact) or "-", _first_date(person) if person.pk else "")
    return knows_number and knows_fact


def _mobile(person: Employee) -> str:
    digits = "".join(re.findall(r"\d", person.private_mobile))
    return digits[-LAST_DIGITS:] if len(digits) >= LAST_DIGITS else ""


def _first_date(person: Employee) -> str:
    first = person.employments.aggregate(first=Min("start_date"))["first"]
    return first.isoformat() if first else ""


def _date(text: str) -> str:
    found = _DATE.fullmatch(text.strip())
    if not found:
        return ""
    day, month, year = (int(part) for part in found.groups())
    try:
        return datetime.date(year + 2000 if year < 100 else year, month, day).isoformat()
    except ValueError:
        return ""
