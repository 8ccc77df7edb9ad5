"""Which number a text message goes to: the same rule in Python and in the database."""

from __future__ import annotations

import re

from django.conf import settings
from django.db.models import Case, F, Func, TextField, Value, When
from django.db.models.functions import Concat
from django.db.models.lookups import Regex

from directory.models import Employee

# «+47 (0) 912 34 567»: what is not dialled from abroad, and what stands between the digits.
_NOT_DIALLED = r"\(\s*0\s*\)|[^0-9+]"
_WITHOUT_COUNTRY = r"^[1-9][0-9]{7}$"
# A country, which never begins with 0, and a number; those of Norway have eight digits.
_NUMBER = r"^\+(47[1-9][0-9]{7}|(?!47)[1-9][0-9]{7,14})$"
# A number at work is a telephone on a desk, or a mobile, which can be told where they have numbers of their own.
_MOBILE_AT_WORK = r"^\+47[49][0-9]{7}$"


def number_of(person: Employee, *, also_at_work: bool = False) -> str:
    """Return the number a message would go to, with its country, or "" where there is none.

    Where they have no private one, it may be a mobile they have for their work.
    """
    at_work = international(person.work_phone) if also_at_work else ""
    return international(person.private_mobile) or (at_work if re.fullmatch(_MOBILE_AT_WORK, at_work) else "")


def international(number: str) -> str:
    """Return «+4791234567» for however HR writes a number, or "" for what can be none."""
    dialled = re.sub("^00", "+", re.sub(_NOT_DIALLED, "", number))
    if re.fullmatch(_WITHOUT_COUNTRY, dialled):
        dialled = f"+{settings.SMS_COUNTRY}{dialled}"
    return dialled if re.fullmatch(_NUMBER, dialled) else ""


def stored_number(*, also_at_work: bool = False) -> Case:
    """Return an expression over employees for what `number_of` says of each."""
    private, at_work = _international("private_mobile"), _international("work_phone")
    found = [When(Regex(private, Value(_NUMBER)), then=private)]
    if also_at_work:
        found.append(When(Regex(at_work, Value(_MOBILE_AT_WORK)), then=at_work))
    return Case(*found, default=Value(""), output_field=TextField())


def _international(field: str) -> Case:
    dialled = _replaced("^00", _replaced(_NOT_DIALLED, F(field), ""), "+")
    with_country = Concat(Value(f"+{settings.SMS_COUNTRY}"), dialled)
    return Case(
        When(Regex(dialled, Value(_WITHOUT_COUNTRY)), then=with_country), default=dialled, output_field=TextField()
    )


def _replaced(pattern: str, text: F | Func, by: str) -> Func:
    told = (text, Value(pattern), Value(by), Value("g"))
    return Func(*told, function="regexp_replace", output_field=TextField())
