"""A proposed picture as the answer to a request, alike for pages and programs."""

from __future__ import annotations

from django.http import Http404, HttpResponse

from directory.models import Employee
from directory.photos import SIZES
from onboarding.models import PhotoProposal
from onboarding.portraits.files import read_file


def proposed_photo_answer(person: Employee, size: int) -> HttpResponse:
    """Return the picture `person` is asked about, kept by no cache. Raises Http404 where there is none."""
    proposal = PhotoProposal.objects.answerable().filter(employee=person).first()
    if proposal is None or size not in SIZES:
        raise Http404
    try:
        response = HttpResponse(read_file(proposal, size), content_type="image/webp")
    except FileNotFoundError:
        raise Http404 from None
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
