"""Groups, in the search over everything."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.search import Hit, search_source
from directory.models import Employee
from groups.models import Group


@search_source("groups", 20, label=_("Groups"))
def find_groups(employee: Employee, text: str, limit: int) -> list[Hit]:
    """Live groups the person may know of, with every word in name or purpose."""
    found = Group.objects.visible_to(employee).live().with_words(text)
    return [
        Hit(
            group.name,
            f"{group.get_privacy_display()} · {group.purpose[:100]}" if group.purpose else group.get_privacy_display(),
            group.get_absolute_url(),
            icon=group.icon,
            color=group.color,
        )
        for group in found[:limit]
    ]
