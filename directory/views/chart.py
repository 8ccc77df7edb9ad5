from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import RefusedError, require
from core.fragments import render_slot
from directory.actions import rename_unit
from directory.chart import read_chart
from directory.forms import UnitNameForm, add_refusal
from directory.models import Employee, OrgUnit
from directory.policies import NAMERS


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


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def name_of_unit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give a unit another name."""
    viewer: Employee = request.user  # type: ignore[assignment]
    unit = get_object_or_404(OrgUnit.objects.active(), public_id=public_id)
    require(viewer.has_perm("directory.rename_units", unit))
    form = UnitNameForm(request.POST or None, initial={"name": unit.name, "short_name": unit.short_name})
    if request.method == "POST" and form.is_valid():
        try:
            rename_unit(actor=viewer, unit=unit, **form.cleaned_data)
        except RefusedError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("chart_of_unit", unit.public_id)
    return render(request, "directory/unit_name.html", {"form": form, "unit": unit}, status=422 if form.errors else 200)


def _chart(request: HttpRequest, unit: OrgUnit) -> HttpResponse:
    viewer: Employee = request.user  # type: ignore[assignment]
    context = {
        "chart": read_chart(viewer, unit),
        "unit_links": render_slot("people.unit", request, unit=unit),
        # Most may rename none, so most are not asked of this one.
        "may_rename": viewer.has_role(*NAMERS) and viewer.has_perm("directory.rename_units", unit),
    }
    return render(request, "directory/chart.html", context)
