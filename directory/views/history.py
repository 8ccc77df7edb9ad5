from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.policies import allowed
from directory.history import read_history
from directory.models import Employee


@require_safe
@never_cache
def person_history(request: HttpRequest, public_id: str) -> HttpResponse:
    """What HR changed about a person: for the person and for HR; to others it is not there."""
    viewer: Employee = request.user  # type: ignore[assignment]
    people = allowed(Employee.objects.visible_to(viewer), viewer, "directory.see_history")
    person = get_object_or_404(people, public_id=public_id)
    page = read_history(viewer, person, after=request.GET.get("before", ""))
    context = {"person": person, "changes": page.items, "next_cursor": page.next_cursor, "is_me": person == viewer}
    return render(request, "directory/person_history.html", context)
