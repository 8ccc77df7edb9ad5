"""How every view of a group begins: only what the reader may know of is found."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest

from directory.models import Employee
from groups.pages import groups_with_rights


def me(request: HttpRequest) -> Employee:
    """Return who asks."""
    assert isinstance(request.user, Employee)
    return request.user


def find_group(request: HttpRequest, public_id: str) -> Any:
    """Return the group with what the reader may do in it. Raises Http404 for unknown and hidden ones alike."""
    if "\x00" in public_id:
        raise Http404
    group = groups_with_rights(me(request)).filter(public_id=public_id).first()
    if group is None:
        raise Http404
    return group


def typed(request: HttpRequest, name: str = "q") -> str:
    """Return what was typed in a search field."""
    return " ".join(request.GET.get(name, "").replace("\x00", "").split())[:120]


def require_shown(allowed: bool) -> None:
    """Raise Http404 unless `allowed`: what one is not offered is not found."""
    if not allowed:
        raise Http404
