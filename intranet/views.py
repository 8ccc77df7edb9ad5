"""The home page and the two addresses that tell whether the product is well."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.fragments import render_slot
from intranet.context import shell


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What waits on top, the feed, and what stands beside it: each part is another app's fragment."""
    # Counted first: drawing the feed marks as read what the frame tells is new.
    shell(request)
    context = {slot: render_slot(f"home.{slot}", request) for slot in ("top", "feed")}
    return render(request, "home.html", context)


@require_safe
@never_cache
def home_side(request: HttpRequest) -> HttpResponse:
    """What stands beside the feed. The page asks for it when it has been drawn, so that nobody waits for it."""
    return HttpResponse(render_slot("home.side", request))


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement that the law asks public bodies to publish."""
    return render(request, "accessibility.html")


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer that this process lives."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer whether the database can be reached: 200 or 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception:
        return JsonResponse({"database": "unreachable"}, status=503)
    return JsonResponse({"database": "ok"})
