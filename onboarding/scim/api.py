"""The door at `/scim/v2/`: a key, and then the protocol."""

from __future__ import annotations

import datetime
import json

from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from psycopg2.errors import LockNotAvailable
from scim2_models import SCIMException, UnauthorizedException, UniquenessException
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse

from directory.tokens import token_digest
from onboarding.models import ScimClient, ScimToken
from onboarding.scim.handling import SERVICE, refuse, serve

# That a client has been heard of is noted this often, not at every request.
NOTED = datetime.timedelta(minutes=5)
OPEN = "/ServiceProviderConfig"
WAIT_SECONDS = 30


class BusyException(SCIMException):
    """Somebody else is writing people, and has been for long."""

    status = 503
    _default_detail = "People are being imported. Try again in a while."


@login_not_required
@csrf_exempt
def scim_door(request: HttpRequest, path: str = "") -> HttpResponse:
    """Serve the protocol to whoever shows a valid key; what the service can do is told to anyone."""
    asked = _read(request, path)
    try:
        answer = _answer(request, asked)
    except SCIMException as refusal:
        answer = refuse(refusal)
    except IntegrityError:
        answer = refuse(UniquenessException(detail="Somebody else has stored the same at this moment"))
    except OperationalError as error:
        if not isinstance(error.__cause__, LockNotAvailable):
            raise
        answer = refuse(BusyException())
        answer.headers["Retry-After"] = str(WAIT_SECONDS)
    return _write(asked, answer)


def _answer(request: HttpRequest, asked: ScimRequest) -> ScimResponse:
    if asked.path.rstrip("/") == OPEN and asked.method == "GET":
        return SERVICE.service_provider_config(asked.url, asked.query)
    return serve(_client(request), asked)


def _client(request: HttpRequest) -> ScimClient:
    """Return whose key the request shows. Raises UnauthorizedException for none, an unknown or an ended one."""
    scheme, _space, key = request.headers.get("Authorization", "").partition(" ")
    known = ScimToken.objects.valid().select_related("client__unit").filter(digest=token_digest(key.strip()))
    token = known.first() if scheme.lower() == "bearer" else None
    if token is None:
        raise UnauthorizedException(detail="The key is unknown or no longer valid")
    client = token.client
    now = timezone.now()
    if client.used_at is None or client.used_at < now - NOTED:
        ScimClient.objects.filter(pk=client.pk).update(used_at=now)
    return client


def _read(request: HttpRequest, path: str) -> ScimRequest:
    method = (request.method or "GET").upper()
    return ScimRequest(
        method="GET" if method == "HEAD" else method,
        base_url=request.build_absolute_uri(reverse("scim_root")).rstrip("/"),
        path=f"/{path}",
        query=request.GET.dict(),
        headers=dict(request.headers.items()),
        body=request.body,
    )


def _write(asked: ScimRequest, answer: ScimResponse) -> HttpResponse:
    body = b"" if answer.body is None else json.dumps(answer.body).encode()
    headers = {"Location": asked.url, "Cache-Control": "no-store"} | answer.headers
    return HttpResponse(body, status=answer.status.value, headers=headers)
