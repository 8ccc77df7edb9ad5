from __future__ import annotations

import datetime
import secrets

from django.db import transaction
from django.utils import timezone

from directory.actions.audit import record_audit_event
from directory.models import ApiToken, Employee
from directory.tokens import token_digest


@transaction.atomic
def create_api_token(
    *,
    actor: Employee | None,
    employee: Employee,
    name: str,
    expires_at: datetime.datetime | None = None,
) -> tuple[ApiToken, str]:
    """Make a key to the API that stands for `employee`; return the token and the key, which is shown this once."""
    key = f"tunet_{secrets.token_urlsafe(32)}"
    token = ApiToken.objects.create(employee=employee, name=name[:80], digest=token_digest(key), expires_at=expires_at)
    record_audit_event(actor=actor, verb="directory.token_created", obj=token, subject=employee)
    return token, key


@transaction.atomic
def revoke_api_token(*, actor: Employee | None, token: ApiToken) -> None:
    """Make the key worthless from now on."""
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        record_audit_event(actor=actor, verb="directory.token_revoked", obj=token, subject=token.employee)
