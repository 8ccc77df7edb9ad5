from __future__ import annotations

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from core.fragments import render_slot
from core.policies import annotate_allowed
from directory.models import Employee
from directory.person_page import read_person_page
from directory.photos import SIZES, photo_name
from directory.vcards import vcard


@require_safe
def person(request: HttpRequest, public_id: str) -> HttpResponse:
    """One colleague; what other apps know of them stands in their fragments."""
    viewer: Employee = request.user  # type: ignore[assignment]
    people = Employee.objects.visible_to(viewer).with_current_jobs()
    people = annotate_allowed(people, viewer, may_see_mobile="directory.see_mobile")
    shown = get_object_or_404(people, public_id=public_id)
    page = read_person_page(viewer, shown)
    # Of a leaver only what was written stays.
    wanted = ("main",) if page.has_left else ("acts", "actions", "main", "side")
    slots = {slot: render_slot(f"person.{slot}", request, person=shown) for slot in wanted}
    return render(request, "directory/person.html", {"page": page, **slots})


@require_safe
def person_photo(request: HttpRequest, public_id: str, size: int) -> HttpResponse:
    """The portrait, asked for anew each time (`no-cache`) so that it is gone the moment it may not be seen."""
    people = Employee.objects.visible_to(request.user).filter(protected=False).exclude(photo="")
    photo = people.filter(public_id=public_id).values_list("photo", flat=True).first()
    if size not in SIZES or not photo:
        raise Http404
    etag = f'"{photo[:32]}-{size}"'
    response = get_conditional_response(request, etag=etag) or _photo_file(photo, size)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _photo_file(photo: str, size: int) -> HttpResponse:
    try:
        with default_storage.open(photo_name(photo, size)) as file:
            return HttpResponse(file.read(), content_type="image/webp")
    except FileNotFoundError:
        raise Http404 from None


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
