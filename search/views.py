from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from core.search import sources
from search.finding import clean_query, find, search_address, tabs_for


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Everything that fits, in tabs by kind; htmx gets the hits while one types."""
    text = clean_query(request.GET.get("q", ""))
    kind = request.GET.get("in", "")
    kind = kind if sources.find(kind) else ""
    found = find(request.user, text, kind)  # type: ignore[arg-type]
    context = {"text": text, "kind": kind, "found": found, "tabs": tabs_for(text, kind)}
    if not request.htmx:  # type: ignore[attr-defined]
        return render(request, "search/search.html", context)
    response = render(request, "search/hits.html", context)
    response.headers["HX-Replace-Url"] = search_address(text, kind)
    patch_vary_headers(response, ["HX-Request"])
    return response
