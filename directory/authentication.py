"""Signing in: by e-mail, employee number or user name; and the API's bearer tokens."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from core.prepared import Prepared
from directory.models import ApiToken, Employee
from directory.tokens import token_digest

# Every request begins with it.
_ACCOUNT: Prepared[Employee] = Prepared(
    lambda _, employee_id: Employee.objects.with_job().with_led_units().filter(pk=employee_id, is_active=True)
)


class EmployeeBackend(BaseBackend):
    """Finds the account by whatever the person knows: e-mail, employee number or user name."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Employee | None:
        """Return the active employee with these credentials, or None; takes the same time for unknown names."""
        name = credentials.get("login") or credentials.get("username") or credentials.get("email")
        password = credentials.get("password")
        if not name or password is None or "\x00" in name:
            return None
        found = list(Employee.objects.people().with_login(name)[:2])
        if len(found) != 1:
            Employee().set_password(password)
            return None
        employee: Employee = found[0]
        return employee if employee.check_password(password) and employee.is_active else None

    def get_user(self, user_id: int) -> Employee | None:
        """Return the account of a session; None once the person has left, which ends the session at once."""
        return next(iter(_ACCOUNT.ask(None, [user_id])), None)

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return bool(user_obj.has_perm(perm, obj))


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts come from HR: nobody signs up."""

    # One answer for a wrong name and a wrong password; and in all our languages.
    _mismatch = _("The e-mail or employee number does not go with the password. Look over both and try again.")
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _mismatch,
        "username_password_mismatch": _mismatch,
        "too_many_login_attempts": _("That was many tries. Wait five minutes and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class PasskeyAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Passkeys are a way in of their own, never a second step after the password."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("The passkey did not fit. Try again, or sign in another way."),
    }

    def is_mfa_enabled(self, user: Any, types: Any = None) -> bool:
        return False

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        return {**super().get_public_key_credential_user_entity(user), "display_name": user.display_name}


class BearerTokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer <key>` with a key from `manage.py create_api_token`."""

    def authenticate(self, request: Request) -> tuple[Employee, ApiToken] | None:
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != b"bearer":
            return None
        key = parts[1].decode("latin-1") if len(parts) == 2 else ""
        token = ApiToken.objects.select_related("employee").filter(digest=token_digest(key)).first()
        if token is None or not self._is_valid(token):
            raise AuthenticationFailed(_("The token is unknown or no longer valid."))
        # From here on the caller is known, and is answered in the own language.
        translation.activate(token.employee.language or settings.LANGUAGE_CODE)
        return token.employee, token

    @staticmethod
    def _is_valid(token: ApiToken) -> bool:
        ended = token.revoked_at or (token.expires_at and token.expires_at <= timezone.now())
        return not ended and bool(token.employee.is_active)

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="tunet"'


class BearerTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema of the API tells of the tokens."""

    target_class = BearerTokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
