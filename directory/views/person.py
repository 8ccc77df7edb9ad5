from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from core.fragments import render_slot
from core.policies import annotate_allowed
from directory.models import Employee
from directory.person_page import read_person_page
from directory.photo_answers import photo_answer
from directory.vcards import vcard


@require_safe
def person(request: HttpRequest, public_id: str) -> HttpResponse:
    """One colleague; what other apps know of them stands in their fragments."""
    viewer: Employee = request.user  # type: ignore[assignment]
    people = Employee.objects.visible_to(viewer).with_job().with_current_jobs()
    people = annotate_allowed(people, viewer, may_see_mobile="directory.see_mobile")
    shown = get_object_or_404(people, public_id=public_id)
    page = read_person_page(viewer, shown)
    # Of a leaver only what was written stays.
    wanted = ("main",) if page.has_left else ("acts", "actions", "main", "side")
    slots = {slot: render_slot(f"person.{slot}", request, person=shown) for slot in wanted}
    return render(request, "directory/person.html", {"page": page, **slots})


@require_safe
def person_photo(request: HttpRequest, public_id: str, size: int) -> HttpResponse:
    """The portrait, in one of its sizes."""
    return photo_answer(request, public_id, size)


@require_safe
def person_card(request: HttpRequest, public_id: str) -> HttpResponse:
    """The colleague as a contact for the telephone's own book."""
    viewer: Employee = request.user  # type: ignore[assignment]
    people = Employee.objects.visible_to(viewer).active().filter(protected=False).with_job()
    people = annotate_allowed(people, viewer, may_see_mobile="directory.see_mobile")
    shown = get_object_or_404(people, public_id=public_id)
    address = request.build_absolute_uri(shown.get_absolute_url())
    response = HttpResponse(vcard(shown, address), content_type="text/vcard; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{public_id}.vcf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
