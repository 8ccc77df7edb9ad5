"""A portrait as the answer to a request, alike for pages and programs."""

from __future__ import annotations

from typing import Any

from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse
from django.utils.cache import get_conditional_response

from directory.models import Employee
from directory.photos import SIZES, photo_name


def photo_answer(request: Any, public_id: str, size: int) -> HttpResponse:
    """Return the portrait, asked for anew each time (`no-cache`) so that it is gone the moment it may not be seen.

    Raises Http404 for who may not be seen, who has no portrait, and a size there is not.
    """
    people = Employee.objects.visible_to(request.user).filter(protected=False).exclude(photo="")
    photo = people.filter(public_id=public_id).values_list("photo", flat=True).first()
    if size not in SIZES or not photo:
        raise Http404
    etag = f'"{photo[:32]}-{size}"'
    response: Any = get_conditional_response(request, etag=etag) or _photo_file(photo, size)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Content-Type-Options"] = "nosniff"
    answer: HttpResponse = response
    return answer


def _photo_file(photo: str, size: int) -> HttpResponse:
    try:
        with default_storage.open(photo_name(photo, size)) as file:
            return HttpResponse(file.read(), content_type="image/webp")
    except FileNotFoundError:
        raise Http404 from None
