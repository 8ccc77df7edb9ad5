"""The audience chooser on its own, for pages where scripts run."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from core.errors import require
from directory.models import Employee
from groups.audience_choice import AudienceChoice


@require_POST
def choose_audience(request: HttpRequest) -> HttpResponse:
    """Answer with the chooser as it is after the button that was pressed. Stores nothing."""
    assert isinstance(request.user, Employee)
    require(request.user.has_perm("groups.choose_audience"))
    hr_facts_only = request.POST.get("audience_facts") == "hr"
    choice = AudienceChoice(employee=request.user, data=request.POST, hr_facts_only=hr_facts_only)
    response = render(request, "groups/audience_fields.html", {"choice": choice})
    # Whatever else on the page depends on the choice is drawn anew once the chooser stands.
    response.headers["HX-Trigger-After-Settle"] = "audience-chosen"
    return response
