"""A link to a group, as a card."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import JSONObject

from core.previews import PreviewSource, preview_source
from core.search import Hit
from directory.models import Employee
from groups.models import Group


@preview_source
class GroupPreviews(PreviewSource):
    """Groups everyone may know of; a secret or sensitive one has no card, for its members neither."""

    url_name = "group"

    def rows(self, employee: Employee, public_ids: Collection[str]) -> QuerySet[Any, Any]:
        known = Group.objects.visible_to(employee).live().filter(public_id__in=public_ids, sensitive=False)
        names = ("public_id", "name", "privacy", "icon", "color")
        open_to_all = known.exclude(privacy=Group.Privacy.SECRET)
        return open_to_all.values_list("public_id", JSONObject(**{name: F(name) for name in names}))

    def card(self, facts: dict[str, Any]) -> Hit:
        group = Group(**facts)
        words = str(group.get_privacy_display())
        return Hit(group.name, words, group.get_absolute_url(), icon=group.icon, color=group.color)
