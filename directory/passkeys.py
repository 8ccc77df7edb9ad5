"""Passkeys: what the package that keeps them is asked for, and nothing else of it."""

from __future__ import annotations

import datetime
import json
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from core.errors import RefusedError
from directory.models import Employee

LONGEST = 20_000
NAME_LENGTH = 60


def passkeys_of(employee: Employee) -> QuerySet[Any]:
    """Return the passkeys of `employee`, the oldest first."""
    found: QuerySet[Any] = Authenticator.objects.filter(user=employee, type=Authenticator.Type.WEBAUTHN)
    return found.order_by("created_at", "pk")


def forget_passkeys(before: datetime.date) -> int:
    """Erase the passkeys of those who left before that day; return how many."""
    left = Employee.objects.people().filter(is_active=False, left_date__lt=before)
    return int(Authenticator.objects.filter(user__in=left).delete()[0])


def id_of(passkey: Any) -> str:
    """Return what a passkey is called in forms: nothing can be counted by it."""
    return salted_hmac("directory.passkey", str(passkey.pk)).hexdigest()[:12]


def creation_options(employee: Employee) -> str:
    """Return, as JSON, what a browser needs to make a passkey; the session remembers what was asked."""
    return _as_json(auth.begin_registration(employee, passwordless=True))


def proof_options(employee: Employee | None = None) -> str:
    """Return, as JSON, what a browser needs to use a passkey: one of `employee`'s, or anybody's."""
    return _as_json(auth.begin_authentication(employee))


def store(employee: Employee, credential: str, name: str) -> None:
    """Keep a passkey that was made on the options last asked for. Raises RefusedError for anything else."""
    made = _read(credential)
    try:
        auth.parse_registration_response(made)
        binding = auth.complete_registration(made)
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise RefusedError(_("The passkey was not made. Try again.")) from error
    if not binding.is_user_verified():
        raise RefusedError(_("The device did not ask who you are. Turn on a screen lock, and try again."))
    auth.WebAuthn.add(employee, name[:NAME_LENGTH], made)


def proves(employee: Employee, credential: str) -> bool:
    """Say whether the answer to the options last asked for was given with a passkey of `employee`."""
    try:
        answer = _read(credential)
        auth.parse_authentication_response(answer)
        auth.complete_authentication(employee, answer).record_usage()
    except (RefusedError, ValidationError, ValueError, TypeError, KeyError, AttributeError):
        return False
    return True


def _read(credential: str) -> dict[str, Any]:
    try:
        # What the database cannot store is in no answer of a browser.
        unfit = len(credential) > LONGEST or "\\u0000" in credential
        answer = None if unfit else json.loads(credential)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise RefusedError(_("The passkey was not made. Try again."))
    return answer


def _as_json(options: dict[str, Any]) -> str:
    return json.dumps(options, cls=_Encoder)


class _Encoder(DjangoJSONEncoder):
    """The package hands out mappings of its own."""

    def default(self, o: Any) -> Any:
        return dict(o) if hasattr(o, "keys") else super().default(o)
