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


# The 64 marks of base64 and, for each, a mark of ours.
_MARKS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_OURS = (ALPHABET * 3)[: len(_MARKS)]
# Nine bytes of chance from where the database keeps it for keys; a uuid's first six bytes are nothing else.
_CHANCE = "substring(uuid_send(gen_random_uuid()) FROM 1 FOR {})"


class NewPublicId(models.Func):
    """A new public id for each row, made by the database: for rows that come from one statement."""

    template = f"translate(encode({_CHANCE.format(6)} || {_CHANCE.format(3)}, 'base64'), '{_MARKS}', '{_OURS}')"
    output_field = models.CharField()
    arity = 0


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
