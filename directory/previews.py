"""A link to a colleague's page, as a card."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import JSONObject

from core.previews import PreviewSource, preview_source
from core.search import Hit
from directory.models import Employee


@preview_source
class PersonPreviews(PreviewSource):
    """People who work here; those with a protected address have no card, whoever reads."""

    url_name = "person"

    def rows(self, employee: Employee, public_ids: Collection[str]) -> QuerySet[Any, Any]:
        people: Any = Employee.objects.active().visible_to(employee).filter(public_id__in=public_ids, protected=False)
        job = "primary_employment"
        facts = {name: F(name) for name in ("public_id", "first_name", "last_name", "photo")}
        known = JSONObject(**facts, job=F(f"{job}__title"), place=F(f"{job}__unit__name"))
        rows: QuerySet[Any, Any] = people.values_list("public_id", known)
        return rows

    def card(self, facts: dict[str, Any]) -> Hit:
        job, place = facts.pop("job"), facts.pop("place")
        person = Employee(**facts)
        subtitle = ", ".join(part for part in (job, place) if part)
        return Hit(person.display_name, subtitle, person.get_absolute_url(), person.photo_url_96)
