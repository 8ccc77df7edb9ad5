from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from core.fragments import render_slot
from directory.figures import size_of_all
from directory.listing import Filters, filter_choices, read_listing
from directory.models import Employee


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Colleagues: own unit first, then whatever is searched for. htmx gets the results, or only the next ones."""
    filters = Filters.read(request.GET.dict())
    viewer: Employee = request.user  # type: ignore[assignment]
    listing = read_listing(viewer, filters)
    context: dict[str, Any] = {"listing": listing}
    if listing.unit and not filters.start:
        context["unit_links"] = render_slot("people.unit", request, unit=listing.unit)
    if request.htmx:  # type: ignore[attr-defined]
        return _part(request, filters, context)
    context |= {"choices": filter_choices(viewer, filters), "size": size_of_all()}
    return render(request, "directory/people.html", context)


def _part(request: HttpRequest, filters: Filters, context: dict[str, Any]) -> HttpResponse:
    more = filters.start > 0
    name = "directory/people_more.html" if more else "directory/people_results.html"
    response = render(request, name, context)
    if not more:
        response.headers["HX-Replace-Url"] = filters.address()
    patch_vary_headers(response, ["HX-Request"])
    return response
