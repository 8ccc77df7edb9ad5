from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.fragments import render_slot
from directory.models import Employee
from directory.visible_page import read_visible_page


@require_safe
@never_cache
def me_visible(request: HttpRequest) -> HttpResponse:
    """«See what the employer can see about me»: what is held, who sees it, and what has been logged about oneself."""
    employee: Employee = request.user  # type: ignore[assignment]
    page = read_visible_page(employee, request.GET.get("before", ""))
    main = render_slot("me_visible.main", request)
    return render(request, "directory/me_visible.html", {"page": page, "main": main})
