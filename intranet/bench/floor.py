"""The floor every page is measured against: the frame of a page, with nothing in it."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.test import Client
from django.urls import include, path
from django.views.decorators.http import require_safe

from directory.models import Employee, Organisation

REQUESTS = 20


@require_safe
def floor(request: HttpRequest) -> HttpResponse:
    """All middleware, session, user, one query and the base template; no navigation counts."""
    context = {"organisation": Organisation.load()}
    return render(request, "bench/floor.html", context)


urlpatterns = [path("bench/floor/", floor), path("", include("intranet.urls"))]


def client_of(employee: Employee) -> Client:
    """Return a signed-in client that knocks at the WSGI handler, in this process."""
    settings.ALLOWED_HOSTS = ["*"]
    client = Client()
    client.force_login(employee, backend="directory.authentication.EmployeeBackend")
    return client


def timed(client: Client, address: str, requests: int = REQUESTS, **headers: Any) -> float:
    """Return the seconds one GET of `address` takes, the mean of `requests`. Raises AssertionError unless 200."""
    began = time.perf_counter()
    for _ in range(requests):
        response = client.get(address, **headers)
        assert response.status_code == 200, (address, response.status_code)
    return (time.perf_counter() - began) / requests
