"""Making keys."""

from __future__ import annotations

import base64
import secrets


def new_p256_key() -> str:
    """Return a new private key of the curve P-256 in base64url, as push services' own tools write them."""
    # One bit less than there is room for: every such number is a key.
    return base64.urlsafe_b64encode(secrets.randbits(255).to_bytes(32, "big")).decode().rstrip("=")
