"""How much a person hears from a group: chosen on the membership, kept as a `PlaceLevel`, which outlives it.

So whoever chose «quiet», was moved elsewhere and comes back, by a rule or by hand, comes back to a quiet group.
"""

from __future__ import annotations

from directory.models import Employee
from groups.models import Group, Membership
from notifications.models import PlaceLevel

Level = Membership.NotificationLevel
HEARD = {
    Level.ALL: PlaceLevel.Level.ALL,
    Level.IMPORTANT: PlaceLevel.Level.MINE,
    Level.QUIET: PlaceLevel.Level.NOTHING,
}


def place_of(group: Group) -> str:
    """Return what notifications call the group."""
    return f"g:{group.pk}"


def level_kept(group: Group, employee: Employee) -> str:
    """Return the level `employee` chose when they were last in `group`, or what is usual."""
    kept = PlaceLevel.objects.filter(employee=employee, place=place_of(group)).values_list("level", flat=True).first()
    return next((level.value for level, heard in HEARD.items() if heard == kept), Level.IMPORTANT.value)


# The same for all rows of a statement: `LEVEL_KEPT` is the column, `JOIN_KEPT` where it comes from, given `w`.
_CASES = " ".join(f"WHEN '{heard.value}' THEN '{level.value}'" for level, heard in HEARD.items())
LEVEL_KEPT = f"CASE kept.level {_CASES} ELSE '{Level.IMPORTANT.value}' END"
JOIN_KEPT = """
LEFT JOIN notifications_placelevel kept ON kept.employee_id = w.employee_id AND kept.place = 'g:' || w.group_id
"""
