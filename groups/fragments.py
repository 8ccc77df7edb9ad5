"""What groups show on other pages: those that I share with a colleague, and the group of a unit."""

from __future__ import annotations

from django.db.models import F
from django.http import HttpRequest
from django.template.loader import render_to_string

from core.fragments import fragment
from directory.models import Employee, OrgUnit
from groups.models import Group

SHOWN = 6


@fragment("person.side", order=10)
def shared_groups(request: HttpRequest, *, person: Employee) -> str:
    """Groups both of us are in, those nearest to the work first; nothing of a person with a protected address."""
    viewer = request.user
    assert isinstance(viewer, Employee)
    if person.pk == viewer.pk or person.protected:
        return ""
    shared = Group.objects.shared_by(viewer, person).with_member_count()
    groups = list(shared.order_by(F("unit__depth").desc(nulls_last=True), "name", "pk")[:SHOWN])
    return render_to_string("groups/shared.html", {"groups": groups}, request) if groups else ""


@fragment("people.unit", order=10)
def group_of_unit(request: HttpRequest, *, unit: OrgUnit) -> str:
    """The way to the unit's own group, where it has one that the viewer may see."""
    viewer = request.user
    assert isinstance(viewer, Employee)
    groups = Group.objects.visible_to(viewer).live().filter(unit=unit, sensitive=False)
    # A team comes before what else may be tied to the unit.
    group = groups.order_by("-kind", "pk").first()
    return render_to_string("groups/unit_link.html", {"group": group}, request) if group else ""
