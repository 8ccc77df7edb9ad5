"""What the frame of every page tells of new posts in one's groups."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from directory.models import Employee
from feed.models import Post
from feed.pages import FOR_YOU, home_page
from groups.models import Group, Membership

pytestmark = pytest.mark.django_db


def told(client: Client, group: Group, path: str = "/groups/") -> str:
    """What stands after the group's name in the frame."""
    html = client.get(path).content.decode()
    found = re.search(rf'rail__t">{group.name}</span>(?:<span class="count count--calm">([^<]*))?', html)
    assert found
    return found[1] or ""


def test_posts_of_others_count_until_they_have_been_shown(
    amina: Employee,
    kari: Employee,
    make_group: Callable[..., Group],
    make_post: Callable[..., Post],
    client_of: Callable[[Employee], Client],
) -> None:
    group = make_group("Alna vest", "closed", owner=kari, members=[amina])
    for _ in range(2):
        make_post(kari, group)
    make_post(amina, group, text="Min egen")
    make_post(kari, group, text="Slettet", deleted_at=timezone.now())
    client = client_of(amina)
    assert told(client, group) == "2"
    assert '<span class="count count--calm">2<' in client.get("/groups/").content.decode().split("<main")[1]
    assert told(client, group, "/") == "2", "the page that shows them tells that they are new"
    assert told(client, group) == ""


def test_a_muted_group_and_one_full_of_news(
    amina: Employee,
    kari: Employee,
    make_group: Callable[..., Group],
    make_post: Callable[..., Post],
    client_of: Callable[[Employee], Client],
) -> None:
    group = make_group("Alna vest", owner=kari, members=[amina])
    for _ in range(101):
        make_post(kari, group)
    client = client_of(amina)
    assert told(client, group) == "99+"
    Membership.objects.filter(group=group, employee=amina).update(muted_at=timezone.now())
    assert told(client, group) == ""


def test_nobodys_own_post_is_news(
    amina: Employee, kari: Employee, make_group: Callable[..., Group], make_post: Callable[..., Post]
) -> None:
    group = make_group("Alna vest", "closed", owner=kari, members=[amina])
    home_page(kari, FOR_YOU, mark=True)
    make_post(kari, group, text="Min egen")
    assert home_page(kari, FOR_YOU).new == set()
    news = make_post(amina, group).placements.get()
    assert home_page(kari, FOR_YOU).new == {news.pk}
