"""What an action raises when the world says no."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied


class RefusedError(Exception):
    """An action cannot be done as asked, for a reason the person should read.

    `message` is a sentence in the reader's language; `field` names the input it belongs to, where there is one;
    `code` is stable for programs.
    """

    def __init__(self, message: Any, *, field: str | None = None, code: str = "refused") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.code = code


class HouseRulesRequiredError(PermissionDenied):
    """The person must accept the current house rules before writing."""


def require(allowed: bool) -> None:
    """Raise PermissionDenied unless `allowed`."""
    if not allowed:
        raise PermissionDenied
