from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from core.fragments import render_slot
from directory.chart import read_chart
from directory.models import Employee, OrgUnit


@require_safe
def chart(request: HttpRequest) -> HttpResponse:
    """The organisation chart from the top. An organisation that has no units yet has an empty one."""
    top = OrgUnit.objects.active().filter(parent=None).order_by("pk").first()
    return _chart(request, top) if top else render(request, "directory/chart.html")


@require_safe
def chart_of_unit(request: HttpRequest, public_id: str) -> HttpResponse:
    """The organisation chart around one unit. One that has ended says so, and leads on to what took its place."""
    units = OrgUnit.objects.select_related("agency", "successor")
    return _chart(request, get_object_or_404(units, public_id=public_id))


def _chart(request: HttpRequest, unit: OrgUnit) -> HttpResponse:
    viewer: Employee = request.user  # type: ignore[assignment]
    links = render_slot("people.unit", request, unit=unit)
    return render(request, "directory/chart.html", {"chart": read_chart(viewer, unit), "unit_links": links})
