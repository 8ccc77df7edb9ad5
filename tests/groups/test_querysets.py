"""Named reads of groups that no screen's test covers."""

from __future__ import annotations

from typing import Any

from directory.models import Employee
from groups.models import Group
from tests.conftest import City, MakeGroup


def test_names_are_sorted_as_norwegians_do(make_group: MakeGroup, thanh: Employee, city: City) -> None:
    for name in ("Åpent", "Zebra", "Ørland", "Ærlig", "alfa"):
        make_group(name)
    assert [group.name for group in Group.objects.by_name()] == ["alfa", "Zebra", "Ærlig", "Ørland", "Åpent"]


def test_suggestions_come_from_colleagues_in_open_groups(
    make_group: MakeGroup, amina: Employee, kari: Employee, thanh: Employee
) -> None:
    near = make_group("Strikking", members=[kari])
    make_group("Vann", members=[thanh])
    make_group("Lukket", "closed", members=[kari])
    make_group("Mine", members=[kari, amina])
    suggested: list[Any] = list(Group.objects.suggested_to(amina))
    assert [(group.name, group.colleague_count) for group in suggested] == [(near.name, 1)]
