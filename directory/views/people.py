from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from directory.listing import Filters, Listing, filter_choices, read_listing
from directory.models import Employee


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Colleagues: own unit first, then whatever is searched for. htmx gets the results, or only the next ones."""
    filters = Filters.read(request.GET.dict())
    viewer: Employee = request.user  # type: ignore[assignment]
    listing = read_listing(viewer, filters)
    if request.htmx:  # type: ignore[attr-defined]
        return _part(request, listing)
    context = {"listing": listing, "choices": filter_choices(viewer, filters)}
    return render(request, "directory/people.html", context)


def _part(request: HttpRequest, listing: Listing) -> HttpResponse:
    more = listing.filters.start > 0
    name = "directory/people_more.html" if more else "directory/people_results.html"
    response = render(request, name, {"listing": listing})
    if not more:
        response.headers["HX-Replace-Url"] = listing.filters.address()
    patch_vary_headers(response, ["HX-Request"])
    return response
