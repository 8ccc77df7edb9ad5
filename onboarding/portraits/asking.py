"""«Is this you?»: a picture somebody else supplied, until the person answers."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string

from directory.models import Employee
from onboarding.models import PhotoProposal


def photo_question(request: HttpRequest, *, back: str) -> str:
    """Return the question to whoever asks for the page, as HTML; "" where there is none. The answer leads to `back`."""
    employee = request.user
    # Who has a picture is not asked, so that for most the database is not either.
    if not isinstance(employee, Employee) or employee.photo or employee.protected:
        return ""
    proposal = PhotoProposal.objects.answerable().filter(employee=employee).first()
    if proposal is None:
        return ""
    context = {"version": proposal.photo[:8], "next": back}
    return render_to_string("onboarding/photo_question.html", context, request)
