"""What happens to a person's devices: they subscribe, and are turned off."""

from __future__ import annotations

import base64
import binascii
import datetime

from cryptography.hazmat.primitives.asymmetric import ec
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from core.database import lock_for_transaction
from core.errors import RefusedError
from core.outbound import check_address
from directory.models import Employee
from directory.sessions import device_name
from notifications.channels import vapid
from notifications.devices.reading import may_subscribe
from notifications.models import PushQuestion, PushSubscription

# Whoever has more has left some behind: the oldest go.
MOST_DEVICES = 20
SECRET_BYTES = 16
LONGEST_KEY = 100


def subscribe_device(
    *,
    actor: Employee,
    request: HttpRequest,
    endpoint: str,
    p256dh: str,
    auth: str,
    expires_at: datetime.datetime | None,
) -> PushSubscription:
    """Have notifications shown in the browser of `request` as long as its session lasts; whoever had it loses it.

    Raises RefusedError for an address that leads inwards, for keys nothing can be encrypted with, and on a device
    that others use or that is left when the browser closes.
    """
    if not may_subscribe(request):
        words = _("Notifications are shown only where you stay signed in, and never on a device that others use.")
        raise RefusedError(words, code="not_here")
    _check_keys(p256dh, auth)
    address = check_address(endpoint, field="endpoint")
    values: dict[str, object] = {
        "employee": actor,
        "session_key": request.session.session_key,
        "session_hash": actor.get_session_auth_hash(),
        "p256dh": p256dh,
        "auth": auth,
        "made_for": vapid.public_key(),
        "device": device_name(request.headers.get("User-Agent", ""))[:80],
        "expires_at": expires_at,
        "failing_since": None,
        "last_error": "",
    }
    return _store(actor, address, values)


@transaction.atomic
def _store(actor: Employee, address: str, values: dict[str, object]) -> PushSubscription:
    # Two windows of one person, or two people at one browser, come one after another.
    lock_for_transaction(f"devices of {actor.pk}")
    lock_for_transaction(address)
    mine = PushSubscription.objects.select_for_update().filter(endpoint=address, employee=actor)
    if not mine.exists():
        PushSubscription.objects.filter(endpoint=address).delete()
    stored, _created = PushSubscription.objects.update_or_create(endpoint=address, defaults=values)
    # One browser has one subscription: a new address takes the place of the one before.
    older = PushSubscription.objects.filter(session_key=stored.session_key).exclude(pk=stored.pk)
    older.delete()
    newest = PushSubscription.objects.visible_to(actor).order_by("-pk").values("pk")[:MOST_DEVICES]
    PushSubscription.objects.visible_to(actor).exclude(pk__in=list(newest.values_list("pk", flat=True))).delete()
    PushQuestion.objects.filter(pk=actor.pk).delete()
    return stored


def remove_device(*, actor: Employee, subscription: PushSubscription) -> None:
    """Show `actor` nothing there any more."""
    PushSubscription.objects.visible_to(actor).filter(pk=subscription.pk).delete()


def note_asked(*, actor: Employee) -> None:
    """Remember that `actor` was asked whether they want notifications."""
    asked, created = PushQuestion.objects.get_or_create(pk=actor.pk, defaults={"times": 1})
    if not created:
        PushQuestion.objects.filter(pk=asked.pk).update(times=F("times") + 1, declined_at=timezone.now())


def _check_keys(p256dh: str, auth: str) -> None:
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _decoded(p256dh))
        if len(_decoded(auth)) != SECRET_BYTES:
            raise ValueError("too short, or too long")
    except ValueError as error:
        raise RefusedError(_("These are no keys of a browser."), field="keys", code="invalid") from error


def _decoded(text: str) -> bytes:
    if not text.isascii() or len(text) > LONGEST_KEY:
        raise ValueError("no key")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("no key") from error
