"""How a key to the API is kept: as its SHA-256 (the key itself is long and random)."""

from __future__ import annotations

import hashlib


def token_digest(key: str) -> str:
    """Return what is stored of a key."""
    return hashlib.sha256(key.encode()).hexdigest()
