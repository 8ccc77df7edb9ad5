"""Random ids for addresses, the API and events, so that no number anyone sees tells of hidden activity."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import models

# No vowels and no look-alikes: cannot spell a word, and survives being read out on the telephone.
ALPHABET = "23456789bcdfghjkmnpqrstvwxz"
LENGTH = 12


def new_public_id() -> str:
    """Return 12 random characters (57 bits: one in 100 million to meet at 1.7 million rows)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


class PublicIdField(models.CharField):  # type: ignore[type-arg]
    """A unique, never changing public id that fills itself."""

    def __init__(self, **options: Any) -> None:
        options.update(max_length=LENGTH, unique=True, editable=False, default=new_public_id)
        super().__init__(**options)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("max_length", "unique", "editable", "default"):
            kwargs.pop(fixed, None)
        return name, path, args, kwargs
