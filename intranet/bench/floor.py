"""The floor every page is measured against: the frame of a page, with nothing in it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path
from django.views.decorators.http import require_safe

from directory.models import Organisation


@require_safe
def floor(request: HttpRequest) -> HttpResponse:
    """All middleware, session, user, one query and the base template; no navigation counts."""
    context = {"organisation": Organisation.load()}
    return render(request, "bench/floor.html", context)


urlpatterns = [path("bench/floor/", floor), path("", include("intranet.urls"))]
