"""What notifications show on other pages: the way to their settings, and to a unit's quiet hours."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from core.fragments import fragment
from directory.models import Employee, OrgUnit


@fragment("settings.main", order=10)
def settings_link(request: HttpRequest, **context: Any) -> str:
    """The way to what one is told of, and when."""
    assert isinstance(request.user, Employee)
    led = OrgUnit.objects.filter(path__in=request.user.led_paths, ended_date__isnull=True).order_by("name")
    return render_to_string("notifications/settings_link.html", {"led": led}, request)


@fragment("people.unit", order=20)
def unit_hours_link(request: HttpRequest, *, unit: OrgUnit) -> str:
    """The way to a unit's quiet hours, for those who set them."""
    if unit.ended_date or not request.user.has_perm("notifications.set_quiet_hours", unit):
        return ""
    return render_to_string("notifications/unit_hours_link.html", {"unit": unit}, request)
