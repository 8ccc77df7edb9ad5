"""The home feed: what stands in it, in which order, and what it costs."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from conversations.actions import add_comment
from directory.models import Employee
from feed.cursors import FeedCursor
from feed.home import read_feed
from feed.models import Placement, Post
from feed.pages import home_page
from groups.models import Group, Membership

NOW = timezone.now()


def ago(**span: float) -> datetime.datetime:
    return NOW - datetime.timedelta(**span)


def texts(reader: Employee, cursor: str = "", form: str = "for-you") -> list[str]:
    return [view.post.text for view in home_page(reader, form, cursor).posts]


def cursor_of(url: str) -> str:
    return url.partition("cursor=")[2]


@pytest.fixture
def groups(make_group: Callable[..., Group], kari: Employee, amina: Employee) -> list[Group]:
    made = [make_group(name, owner=kari, members=[amina]) for name in ("Alna vest", "Vinterdrift", "Fag")]
    Membership.objects.update(joined_at=ago(days=100), read_until=ago(hours=5))
    return made


def test_unread_stands_first_then_the_rest_each_newest_first(
    groups: list[Group], kari: Employee, amina: Employee, make_post: Callable[..., Post]
) -> None:
    Membership.objects.filter(group=groups[0], employee=amina).update(read_until=ago(hours=1))
    make_post(kari, groups[0], text="read, new", created_at=ago(hours=2))
    make_post(kari, groups[1], text="unread, older", created_at=ago(hours=4))
    make_post(kari, groups[1], text="unread, newer", created_at=ago(hours=3))
    make_post(kari, groups[2], text="read, old", created_at=ago(hours=9))
    assert texts(amina) == ["unread, newer", "unread, older", "read, new", "read, old"]
    assert texts(amina, form="newest") == ["read, new", "unread, newer", "unread, older", "read, old"]


def test_every_post_comes_once_over_pages_while_others_write_and_markers_move(
    groups: list[Group], kari: Employee, amina: Employee, make_post: Callable[..., Post]
) -> None:
    for number in range(35):
        make_post(kari, groups[number % 3], text=str(number), created_at=ago(hours=number / 2, minutes=1))
    page = home_page(amina, "for-you", mark=True)
    seen = [view.post.text for view in page.posts]
    while page.older_url:
        make_post(kari, groups[0], text="too late", created_at=timezone.now())
        page = home_page(amina, "for-you", cursor_of(page.older_url))
        seen += [view.post.text for view in page.posts]
    assert seen == [str(number) for number in range(35)]


def test_a_post_in_several_of_my_groups_stands_once_where_it_is_first(
    groups: list[Group], kari: Employee, amina: Employee, make_post: Callable[..., Post]
) -> None:
    Membership.objects.filter(group=groups[0], employee=amina).update(read_until=ago(hours=1))
    shared = make_post(kari, groups[0], groups[1], text="shared", created_at=ago(hours=3))
    Placement.objects.create(post=shared, group=groups[2], published_at=ago(hours=2), placed_by=kari)
    make_post(kari, groups[1], text="between", created_at=ago(hours=2.5))
    assert texts(amina) == ["shared", "between"]
    assert [view.group for view in home_page(amina, "for-you").posts] == [groups[2], groups[1]]


def test_many_cross_posts_lose_nothing(
    groups: list[Group], kari: Employee, amina: Employee, make_post: Callable[..., Post]
) -> None:
    for number in range(30):
        make_post(kari, *groups, text=str(number), created_at=ago(minutes=number + 1))
    page, seen = home_page(amina, "newest"), []
    for _ in range(20):
        seen += [view.post.text for view in page.posts]
        if not page.older_url:
            break
        page = home_page(amina, "newest", cursor_of(page.older_url))
    assert seen == [str(number) for number in range(30)]


def test_deleted_posts_and_groups_i_left_are_gone(
    groups: list[Group], kari: Employee, amina: Employee, make_post: Callable[..., Post]
) -> None:
    make_post(kari, groups[0], text="deleted", deleted_at=NOW)
    make_post(amina, groups[1], text="my own")
    make_post(kari, groups[2], text="there")
    Membership.objects.filter(group=groups[1], employee=amina).delete()
    assert texts(amina) == ["there"]


def test_viewing_home_moves_my_markers_and_fetching_ahead_does_not(
    groups: list[Group],
    kari: Employee,
    amina: Employee,
    make_post: Callable[..., Post],
    client_of: Callable[..., Client],
) -> None:
    make_post(kari, groups[0], created_at=ago(hours=1))
    mine = Membership.objects.get(group=groups[0], employee=amina)
    client = client_of(amina)
    client.get("/", headers={"Sec-Purpose": "prefetch"})
    client.get("/", headers={"HX-Request": "true"})
    mine.refresh_from_db()
    assert mine.read_until == ago(hours=5)
    client.get("/")
    mine.refresh_from_db()
    assert mine.read_until
    assert mine.read_until > ago(minutes=1)
    assert Membership.objects.get(group=groups[1], employee=amina).read_until == ago(hours=5)


def test_a_box_shows_where_i_was_mentioned_at_most_three(
    groups: list[Group],
    kari: Employee,
    amina: Employee,
    make_post: Callable[..., Post],
    client_of: Callable[..., Client],
) -> None:
    post = make_post(kari, groups[0], created_at=ago(hours=1))
    for number in range(5):
        add_comment(actor=kari, thread=post.thread, text=f"@Amina Hassan, nummer {number}")
    page = client_of(amina).get("/").content.decode()
    assert page.count("Kari Nordby i Alna vest") + page.count("Kari Nordby in Alna vest") == 3
    assert "nummer 4" in page


def test_from_leaders_shows_my_own_line_only(
    groups: list[Group], kari: Employee, amina: Employee, thanh: Employee, make_post: Callable[..., Post], city: Any
) -> None:
    Membership.objects.create(group=groups[0], employee=thanh)
    city.alna.leader = thanh
    city.alna.save()
    make_post(kari, groups[0], text="my leader", created_at=ago(hours=2))
    make_post(thanh, groups[0], text="my agency's leader", created_at=ago(hours=1))
    make_post(amina, groups[0], text="myself")
    assert texts(amina, form="leaders") == ["my agency's leader", "my leader"]
    assert texts(kari, form="leaders") == ["my agency's leader"]


@pytest.mark.parametrize(
    "damage", ["", "x", "AAAA", "W10", "WzEsMCwxLDEsW11d", "Wy0xZTMwMCwwLDEsMSxbXV0", "é" * 40, "W" * 5000]
)
def test_a_damaged_cursor_is_the_first_page(
    damage: str, groups: list[Group], kari: Employee, amina: Employee, make_post: Callable[..., Post]
) -> None:
    make_post(kari, groups[0], text="hello")
    assert isinstance(FeedCursor.decode(damage), FeedCursor)
    home_page(amina, "for-you", damage)
    home_page(amina, "leaders", damage)


def test_one_query_finds_a_page_whatever_the_number_of_groups(
    make_group: Callable[..., Group],
    kari: Employee,
    amina: Employee,
    make_post: Callable[..., Post],
    django_assert_num_queries: Any,
) -> None:
    for number in range(50):
        group = make_group(f"Gruppe {number}", owner=kari, members=[amina])
        make_post(kari, group)
    with django_assert_num_queries(1):
        page = read_feed(amina, FeedCursor.first(), unread_first=True)
    assert len(page.placement_ids) == 10
    assert len(page.behind) == 50
