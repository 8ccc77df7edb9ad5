"""Where a desk's own system is told of tasks: the address, and the secret both sides sign with."""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
import secrets

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from core.errors import require
from core.outbound import check_address
from directory.actions import record_audit_event
from directory.models import Employee
from onboarding.arrivals.lists import keeps_list_of
from onboarding.models import ArrivalDesk, DeskHook, HookCall

# Both secrets work while the other side is given the new one.
OVERLAP = datetime.timedelta(hours=24)


@transaction.atomic
def save_hook(*, actor: Employee, desk: ArrivalDesk, url: str) -> DeskHook:
    """Have tasks of `desk` told to `url` from now on. Raises PermissionDenied, RefusedError at "url"."""
    require(keeps_list_of(actor, desk.unit))
    address = check_address(url)
    hook, made = DeskHook.objects.get_or_create(desk=desk, defaults={"url": address, "salt": _new_salt()})
    if not made:
        hook.url = address
        hook.save(update_fields=["url"])
    record_audit_event(actor=actor, verb="onboarding.desk_hook_saved", obj=desk)
    return hook


@transaction.atomic
def rotate_secret(*, actor: Employee, hook: DeskHook) -> None:
    """Give the hook a new secret; the former one works for a day more. Raises PermissionDenied."""
    require(keeps_list_of(actor, hook.desk.unit))
    hook.former_salt, hook.former_until = hook.salt, timezone.now() + OVERLAP
    hook.salt = _new_salt()
    hook.save(update_fields=["salt", "former_salt", "former_until"])
    record_audit_event(actor=actor, verb="onboarding.desk_hook_rotated", obj=hook.desk)


@transaction.atomic
def remove_hook(*, actor: Employee, hook: DeskHook) -> None:
    """Tell the desk's system nothing more, and hear nothing from it. Raises PermissionDenied."""
    require(keeps_list_of(actor, hook.desk.unit))
    record_audit_event(actor=actor, verb="onboarding.desk_hook_removed", obj=hook.desk)
    hook.delete()


def try_again(*, actor: Employee, hook: DeskHook) -> int:
    """Try what was given up once more, from now; return how many calls. Raises PermissionDenied."""
    require(keeps_list_of(actor, hook.desk.unit))
    given_up = HookCall.objects.filter(hook=hook, state=HookCall.State.FAILED)
    return given_up.update(state=HookCall.State.WAITING, attempts=0, not_before=timezone.now(), leased_until=None)


def secret_of(hook: DeskHook) -> str:
    """Return the secret that holds now. Show it once, to who keeps the desk."""
    return _secret(hook, hook.salt)


def secrets_of(hook: DeskHook) -> list[str]:
    """Return every secret that a message from the desk's system may be signed with now."""
    lasts = hook.former_salt and hook.former_until and hook.former_until > timezone.now()
    return [_secret(hook, salt) for salt in (hook.salt, *([hook.former_salt] if lasts else []))]


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """Return the signature of `body` sent at `timestamp`: «v1=» and the HMAC-SHA256 of «timestamp.body»."""
    return "v1=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _secret(hook: DeskHook, salt: str) -> str:
    digest = salted_hmac("onboarding.desk_hook", f"{hook.public_id}:{salt}", algorithm="sha256").digest()
    return "tunet_hook_" + base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _new_salt() -> str:
    return secrets.token_hex(16)
