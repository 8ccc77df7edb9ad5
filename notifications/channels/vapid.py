"""The key that push services know us by (VAPID, RFC 8292). It is made once: browsers subscribe for it."""

from __future__ import annotations

import base64
import functools
from dataclasses import dataclass

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True)
class Keys:
    """Both halves, as the package that encrypts wants them, and the public one as browsers do."""

    private_pem: bytes
    public_pem: bytes
    public: str


def current_keys() -> Keys | None:
    """Return the keys that the settings name; None where they name none, and nothing is pushed.

    Raises ImproperlyConfigured for a text that is no key.
    """
    return _keys_of(settings.VAPID_PRIVATE_KEY) if settings.VAPID_PRIVATE_KEY else None


def public_key() -> str:
    """Return the public key as browsers want it, or "" where nothing is pushed."""
    keys = current_keys()
    return keys.public if keys else ""


@functools.cache
def _keys_of(text: str) -> Keys:
    try:
        number = int.from_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), "big")
        private = ec.derive_private_key(number, ec.SECP256R1())
    except ValueError as error:
        raise ImproperlyConfigured("VAPID_PRIVATE_KEY is no key: `manage.py new_push_key` makes one.") from error
    public = private.public_key()
    point = public.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return Keys(
        private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
        public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo),
        base64.urlsafe_b64encode(point).decode().rstrip("="),
    )
