from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from directory.contacts import read_contacts
from directory.models import Employee


@require_safe
def kept_contacts(request: HttpRequest) -> JsonResponse:
    """The colleagues of one's unit, for the device to keep in the cache that is erased at sign-out."""
    viewer: Employee = request.user  # type: ignore[assignment]
    return JsonResponse(read_contacts(viewer), headers={"Cache-Control": "private, no-store"})
