"""The home page as a whole: what it says when there is little, and what it costs when there is much."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conversations.actions import add_comment, react
from directory.models import Employee
from feed.models import Post
from groups.models import Group, Membership

# Posts on a page, and one for the pill: the older ones need no comments.
SHOWN = 11


def fill(make_group: Any, make_post: Any, kari: Employee, amina: Employee, number: int) -> None:
    for place in range(number):
        group = make_group(f"Gruppe {place}", owner=kari, members=[amina])
        for _ in range(12 // number + 1):
            post = make_post(kari, group, text="Hei @Amina Hassan")
            if place < number - SHOWN:
                continue
            comment = add_comment(actor=kari, thread=post.thread, text="Hei @Amina Hassan")
            add_comment(actor=amina, thread=post.thread, text="Svar", parent=comment)
            react(actor=kari, thread=post.thread, kind="heart")
            react(actor=amina, thread=post.thread, comment=comment, kind="like")


def count_queries(client: Client) -> list[str]:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get("/").status_code == 200
    return [
        query["sql"] for query in captured if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))
    ]


@pytest.mark.parametrize("number", [1, 50])
def test_home_costs_the_same_with_one_group_and_with_fifty(
    number: int,
    make_group: Any,
    make_post: Callable[..., Post],
    kari: Employee,
    amina: Employee,
    client_of: Callable[..., Client],
) -> None:
    fill(make_group, make_post, kari, amina, number)
    client = client_of(amina)
    queries = count_queries(client)
    assert len(queries) <= 12, "\n".join(queries)
    assert len(count_queries(client)) <= len(queries)


def test_an_empty_home_leads_somewhere(amina: Employee, client_of: Callable[..., Client]) -> None:
    page = client_of(amina).get("/").content.decode()
    assert "/groups/" in page


def test_home_shows_posts_comments_and_what_i_did(
    make_group: Callable[..., Group],
    make_post: Callable[..., Post],
    kari: Employee,
    amina: Employee,
    client_of: Callable[..., Client],
) -> None:
    group = make_group("Alna vest", "closed", owner=kari, members=[amina])
    post = make_post(kari, group, text="Fagtime **tirsdag**")
    add_comment(actor=amina, thread=post.thread, text="Kommer!")
    react(actor=amina, thread=post.thread, kind="useful")
    page = client_of(amina).get("/").content.decode()
    assert "<strong>tirsdag</strong>" in page
    assert "Kommer!" in page
    assert 'aria-pressed="true"' in page
    assert Membership.objects.get(group=group, employee=amina).read_until
