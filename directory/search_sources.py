"""People, in the search over everything."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.search import Hit, search_source
from directory.faces import face_of
from directory.models import Employee

ALIKE = 3


@search_source("people", 10, label=_("Colleagues"))
def find_people(employee: Employee, text: str, limit: int) -> list[Hit]:
    """Colleagues who fit every word; where nobody does, those whose name sounds like it."""
    people = Employee.objects.active().visible_to(employee)
    found = people.search(text).first_ids(0, limit) or people.sounds_like(text).first_ids(0, ALIKE)
    return [_hit(each) for each in Employee.objects.with_job().at(found)]


def _hit(employee: Employee) -> Hit:
    face = face_of(employee)
    subtitle = ", ".join(part for part in (face.title, face.place) if part)
    return Hit(face.display_name, subtitle, face.url, face.photo_url_96)
