"""Pieces of pages that are drawn once and kept: one template, given one thing and nothing else.

The key is a digest of everything the thing holds, so a kept piece can neither grow old nor be another person's:
whatever differs makes another key, and no right is asked here. Who draws has read the thing a moment ago, as the
reader may see it. What does not belong to the thing is left open and filled in each time: see `Openings`.
"""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.core.cache import caches
from django.db.models import Model
from django.template.loader import get_template
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from core.times import told_ago

# Stands round an opening. No text that people write holds it: the database could not store it.
MARK = "\0"


@dataclasses.dataclass(frozen=True)
class Openings:
    """What is filled into a kept piece each time: the token against forged forms, the reader's portrait, times."""

    csrf_token: Callable[[], str]
    portrait: Callable[[], str]

    def fill(self, kept: str) -> SafeString:
        """Return the piece as this reader gets it now."""
        parts = kept.split(MARK)
        parts[1::2] = [self._fill(name) for name in parts[1::2]]
        return mark_safe("".join(parts))  # noqa: S308 - a rendered template, and what is filled in is safe

    def _fill(self, name: str) -> str:
        if name == "csrf_token":
            return self.csrf_token()
        if name == "portrait":
            return self.portrait()
        moment = parse_datetime(name)
        assert moment is not None
        return told_ago(moment, timezone.now())


# What a template finds instead of what is filled in later.
OPEN = {name: mark_safe(f"{MARK}{name}{MARK}") for name in ("csrf_token", "portrait")}  # noqa: S308 - our own words


def draw_kept(template: str, name: str, thing: Any, openings: Openings) -> SafeString:
    """Return `template` drawn with `thing` as `name`, as it was kept or, where nothing was, drawn anew."""
    key = _key(template, thing)
    pieces = caches["pieces"]
    kept: str | None = pieces.get(key)
    if kept is None:
        kept = get_template(template).render({name: thing, "left_open": True, **OPEN})
        pieces.set(key, kept)
    return openings.fill(kept)


def _key(template: str, thing: Any) -> str:
    facts = json.dumps([template, get_language(), thing], default=_held_by, ensure_ascii=False)
    return hashlib.blake2b(facts.encode(), digest_size=20).hexdigest()


def _held_by(thing: Any) -> Any:
    """Everything `thing` holds. Raises TypeError for what can hold more than it shows."""
    if isinstance(thing, Model):
        own = {name: value for name, value in vars(thing).items() if name != "_state"}
        return [own, {name: one for name, one in thing._state.fields_cache.items() if f"{name}_id" in own}]
    if dataclasses.is_dataclass(thing):
        return vars(thing)
    if isinstance(thing, datetime.date | Decimal):
        return str(thing)
    raise TypeError(f"{type(thing).__name__} tells not all it holds")
