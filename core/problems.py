"""Errors of the API as `application/problem+json` (RFC 9457)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from core.errors import HouseRulesRequiredError, RefusedError

CONTENT_TYPE = "application/problem+json"


def problem(code: int, slug: str, title: str, **members: Any) -> Response:
    """Return a problem document with HTTP status `code` and type `/problems/<slug>`."""
    body = {"type": f"/problems/{slug}", "title": title, "status": code, **members}
    return Response(body, status=code, content_type=CONTENT_TYPE)


def handle_exception(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Turn what an API view raised into a problem document; None lets Django answer 500."""
    if isinstance(exc, HouseRulesRequiredError):
        set_rollback()
        title = _("Accept the house rules before you write.")
        return problem(403, "house-rules-required", title, accept_url=reverse("house_rules"))
    if isinstance(exc, RefusedError):
        set_rollback()
        fields = {exc.field: [str(exc.message)]} if exc.field else {}
        return problem(409 if exc.code == "conflict" else 400, exc.code, str(exc.message), errors=fields)
    if isinstance(exc, ValidationError):
        set_rollback()
        return problem(400, "invalid", _("Some of what you sent cannot be used."), errors={"detail": exc.messages})
    return _from_rest_framework(exc, context)


def _from_rest_framework(exc: Exception, context: dict[str, Any]) -> Response | None:
    response = exception_handler(exc, context)
    if response is None:
        return None
    slug = {Http404: "not-found", PermissionDenied: "forbidden"}.get(type(exc)) or str(
        getattr(exc, "default_code", "error")
    )
    if isinstance(exc, exceptions.ValidationError):
        title, members = _("Some of what you sent cannot be used."), {"errors": response.data}
    else:
        title, members = str(getattr(exc, "detail", "") or _status_title(response.status_code)), {}
    answer = problem(response.status_code, slug, title, **members)
    for header in ("WWW-Authenticate", "Retry-After"):
        if header in response:
            answer[header] = response[header]
    return answer


def _status_title(code: int) -> str:
    return {
        status.HTTP_404_NOT_FOUND: _("Not found."),
        status.HTTP_403_FORBIDDEN: _("You may not do this."),
    }.get(code, _("Something went wrong."))
