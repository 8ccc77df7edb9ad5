"""Errors of the API as `application/problem+json` (RFC 9457)."""

from __future__ import annotations

import json
from math import ceil
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder
from rest_framework.views import exception_handler, set_rollback

from core.errors import HouseRulesRequiredError, RefusedError
from core.parsers import NoObjectError

CONTENT_TYPE = "application/problem+json"
UNREADABLE = gettext_lazy("What was sent cannot be read. Is it whole, and of the kind it says it is?")
NOT_FROM_OUR_PAGES = gettext_lazy(
    "We cannot tell that this comes from our own pages. Send the CSRF token, or use an API token."
)
FAR_AWAY = gettext_lazy("No calendar of ours goes that far.")
# Raised by ourselves, with a sentence of ours.
OWN_WORDS = (exceptions.AuthenticationFailed, NoObjectError)


def problem(code: int, slug: str, title: str, **members: Any) -> Response:
    """Return a problem document with HTTP status `code` and type `/problems/<slug>`."""
    body = {"type": f"/problems/{slug}", "title": title, "status": code, **members}
    return Response(body, status=code, content_type=CONTENT_TYPE)


def plain_problem(code: int, slug: str, title: str, **members: Any) -> HttpResponse:
    """Return the same where no view of the API answers."""
    body = {"type": f"/problems/{slug}", "title": title, "status": code, **members}
    return JsonResponse(body, status=code, content_type=CONTENT_TYPE)


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
    if isinstance(exc, OverflowError):  # a moment at the end of all calendars has no time in other zones
        set_rollback()
        return problem(400, "invalid", _("Some of what you sent cannot be used."), errors={"detail": [str(FAR_AWAY)]})
    return _from_rest_framework(exc, context)


def _from_rest_framework(exc: Exception, context: dict[str, Any]) -> Response | None:
    response = exception_handler(exc, context)
    if response is None:
        return None
    slug = {Http404: "not-found", PermissionDenied: "forbidden"}.get(type(exc)) or str(
        getattr(exc, "default_code", "error")
    )
    if isinstance(exc, exceptions.ValidationError):
        title, members = _("Some of what you sent cannot be used."), {"errors": _writable(response.data)}
    else:
        title, members = _title(exc, context, response.status_code), {}
    answer = problem(response.status_code, slug, title, **members)
    for header in ("WWW-Authenticate", "Retry-After"):
        if header in response:
            answer[header] = response[header]
    return answer


def _writable(data: Any) -> Any:
    """Return the same without halves of letters: refusals repeat what was sent."""
    text = json.dumps(data, ensure_ascii=False, cls=JSONEncoder)
    return json.loads(text.encode("utf-8", "replace"))


def _title(exc: Exception, context: dict[str, Any], code: int) -> str:
    """What is said instead of the framework's own words, which come in its own language."""
    if isinstance(exc, exceptions.MethodNotAllowed):
        return _("%(method)s cannot be used here.") % {"method": context["request"].method}
    if isinstance(exc, exceptions.UnsupportedMediaType):
        return _("We cannot read «%(kind)s» here.") % {"kind": str(context["request"].content_type)[:60]}
    if isinstance(exc, exceptions.Throttled):
        return _("That was many requests. Try again in %(seconds)d s.") % {
            "seconds": ceil(getattr(exc, "wait", None) or 1)
        }
    if isinstance(exc, exceptions.PermissionDenied) and str(exc.detail).startswith("CSRF"):
        return str(NOT_FROM_OUR_PAGES)
    if isinstance(exc, OWN_WORDS):
        return str(exc.detail)
    return {
        status.HTTP_400_BAD_REQUEST: str(UNREADABLE),
        status.HTTP_401_UNAUTHORIZED: _("Sign in, or send a token."),
        status.HTTP_403_FORBIDDEN: _("You may not do this."),
        status.HTTP_404_NOT_FOUND: _("Not found."),
        status.HTTP_406_NOT_ACCEPTABLE: _("We can only answer with JSON."),
    }.get(code, _("Something went wrong."))
