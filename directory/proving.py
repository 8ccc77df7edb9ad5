"""«Is it still you?»: before something that lasts longer than the visit, by password or passkey."""

from __future__ import annotations

import time

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.core import ratelimit
from django.http import HttpRequest

from directory import passkeys
from directory.models import Employee

# So long after signing in nobody is asked again.
FRESH_SECONDS = 10 * 60


def is_fresh(request: HttpRequest, employee: Employee) -> bool:
    """Say whether the person has shown in this session, a short while ago, that they are `employee`."""
    records = get_authentication_records(request, employee)
    return bool(records) and time.time() - float(records[-1]["at"]) < FRESH_SECONDS


def may_try(request: HttpRequest, employee: Employee) -> bool:
    """Count one more try; False after too many."""
    return bool(ratelimit.consume(request, action="reauthenticate", user=employee))


def proves(request: HttpRequest, employee: Employee, *, password: str, credential: str) -> bool:
    """Say whether one of the two shows that it is `employee`, and if so remember it in this session."""
    if credential:
        shown = passkeys.proves(employee, credential)
    else:
        shown = employee.has_usable_password() and employee.check_password(password)
    if shown:
        record_authentication(request, employee, method="mfa" if credential else "password", reauthenticated=True)
    return shown
