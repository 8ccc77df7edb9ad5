"""People, in the search over everything."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.search import Hit, search_source
from directory.faces import face_of
from directory.finding import search_people
from directory.models import Employee


@search_source("people", 10, label=_("Colleagues"))
def find_people(employee: Employee, text: str, limit: int) -> list[Hit]:
    """Colleagues who fit best; where nobody does, those who nearly do."""
    found = search_people(Employee.objects.active().visible_to(employee), text, employee, stop=limit)
    return [_hit(each) for each in Employee.objects.with_job().at(found.ids)]


def _hit(employee: Employee) -> Hit:
    face = face_of(employee)
    subtitle = ", ".join(part for part in (face.title, face.place) if part)
    return Hit(face.display_name, subtitle, face.url, face.photo_url_96)
