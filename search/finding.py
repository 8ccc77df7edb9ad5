"""Asks every source what it finds; one that fails is logged and left out."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from core.search import Hit, SearchSource, sources_in_order
from core.text import fold
from directory.models import Employee

SHORTEST = 2
MAX_LENGTH = 120
SHOWN_TOGETHER = 5
SHOWN_ALONE = 50

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tab:
    """One tab over the hits: everything, or one kind."""

    name: str
    url: str
    active: bool


@dataclass(frozen=True)
class Found:
    """What one source found, and the address that shows more of it ("" when this is all)."""

    label: str
    hits: list[Hit]
    more_url: str = ""


def clean_query(text: str) -> str:
    """Return what was typed, tidied and not too long."""
    return " ".join(text.replace("\x00", "").split())[:MAX_LENGTH]


def search_address(text: str, kind: str = "") -> str:
    """Return the address that shows hits for `text`, of every kind or of one."""
    values = {name: value for name, value in (("q", text), ("in", kind)) if value}
    return reverse("search") + (f"?{urlencode(values)}" if values else "")


def tabs_for(text: str, kind: str) -> list[Tab]:
    """Return the tabs, «All» first."""
    everything = Tab(_("All"), search_address(text), not kind)
    return [everything] + [
        Tab(str(source.label), search_address(text, source.name), kind == source.name) for source in sources_in_order()
    ]


def find(employee: Employee, text: str, kind: str = "") -> list[Found]:
    """Return what `employee` may see that fits `text`: the first few of every kind, or many of the one `kind`.

    Text of fewer than two letters finds nothing. Kinds without hits are left out.
    """
    if len(fold(text)) < SHORTEST:
        return []
    asked = [source for source in sources_in_order() if kind in ("", source.name)]
    found = [_ask(source, employee, text, alone=bool(kind)) for source in asked]
    return [each for each in found if each.hits]


def _ask(source: SearchSource, employee: Employee, text: str, *, alone: bool) -> Found:
    limit = SHOWN_ALONE if alone else SHOWN_TOGETHER
    try:
        with transaction.atomic():
            hits = source.find(employee, text, limit + 1)
    except Exception:
        logger.exception("search source %s failed", source.name)
        hits = []
    more = search_address(text, source.name) if len(hits) > limit and not alone else ""
    return Found(str(source.label), hits[:limit], more)
