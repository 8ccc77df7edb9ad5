"""Days of grace: the rule has let go, the person reads until they are over, and may choose to stay."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from directory.models import Employee
from feed.actions import publish_post
from groups.actions import add_members, join_group
from groups.models import Group, Membership

MakeGroup = Callable[..., Group]


def lend(group: Group, employee: Employee, role: str = "member") -> Membership:
    """A membership a rule gave and has let go of."""
    until = timezone.now() + datetime.timedelta(days=14)
    return Membership.objects.create(group=group, employee=employee, role=role, by_hand=False, reading_until=until)


@pytest.mark.parametrize("privacy", ["open", "closed"])
def test_reads_and_does_no_more(privacy: str, amina: Employee, kari: Employee, make_group: MakeGroup) -> None:
    group = make_group("Alna vest", privacy, owner=kari)
    lend(group, amina, role="moderator")
    assert group in Group.objects.readable_by(amina)
    for verb in ("write", "comment", "moderate", "invite", "add_members"):
        assert not amina.has_perm(f"groups.{verb}", group), verb
    with pytest.raises(PermissionDenied):
        publish_post(actor=amina, groups=[group], text="Hei")


def test_stays_by_own_hand_where_the_door_is_open(amina: Employee, kari: Employee, make_group: MakeGroup) -> None:
    group = make_group("Fagnett", owner=kari)
    lend(group, amina)
    mine = join_group(actor=amina, group=group)
    assert (mine.by_hand, mine.reading_until) == (True, None)
    assert amina.has_perm("groups.write", group)


def test_is_kept_by_an_owner(amina: Employee, kari: Employee, make_group: MakeGroup) -> None:
    group = make_group("Alna vest", "closed", owner=kari)
    lend(group, amina)
    assert add_members(actor=kari, group=group, employees=[amina]) == 1
    assert amina.has_perm("groups.write", group)


def test_the_page_says_until_when(
    amina: Employee, kari: Employee, make_group: MakeGroup, client_of: Callable[[Employee], Client]
) -> None:
    group = make_group("Alna vest", "closed", owner=kari, joining="request")
    mine, client = lend(group, amina), client_of(amina)
    page = client.get(group.get_absolute_url())
    assert 'id="reading"' in page.content.decode()
    client.post(reverse("ask_to_join", args=[group.public_id, group.slug]))
    assert amina.membership_requests.filter(group=group).exists()
    left = client.post(reverse("leave_group", args=[group.public_id, group.slug]), follow=True).content.decode()
    assert not amina.memberships.exists()
    token = left.split("undo-leaving/")[1].split('"')[0]
    client.post(f"/groups/{group.public_id}/undo-leaving/{token}")
    assert amina.memberships.get().reading_until == mine.reading_until
