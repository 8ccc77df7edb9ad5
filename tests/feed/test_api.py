"""Posts, comments and reactions over the API."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from directory.models import Employee
from feed.models import Post
from groups.models import Group, Membership

POSTS = "/api/v1/posts/"


@pytest.fixture
def group(make_group: Callable[..., Group], kari: Employee, amina: Employee) -> Group:
    return make_group("Alna vest", "closed", owner=kari, members=[amina])


@pytest.fixture
def api(client_of: Callable[..., Client], amina: Employee) -> Callable[..., Any]:
    client = client_of(amina)

    def call(method: str, path: str, **body: Any) -> Any:
        return client.generic(method, path, json.dumps(body), content_type="application/json")

    return call


def test_a_post_is_written_read_corrected_and_deleted(group: Group, api: Callable[..., Any]) -> None:
    made = api("POST", POSTS, group=group.public_id, text="God **morgen**")
    assert made.status_code == 201
    body = made.json()
    assert (body["text"], body["group"]["id"], body["author"]["name"]) == (
        "God **morgen**",
        group.public_id,
        "Amina Hassan",
    )
    address = f"{POSTS}{body['id']}/"
    assert api("PATCH", address, text="God kveld").json()["edited_at"]
    assert api("GET", address).json()["text"] == "God kveld"
    assert api("DELETE", address).status_code == 204
    assert api("GET", address).status_code == 404


def test_the_feed_comes_in_pages(
    group: Group, api: Callable[..., Any], kari: Employee, make_post: Callable[..., Post]
) -> None:
    made = {make_post(kari, group, text=str(number)).public_id for number in range(23)}
    seen, address = [], POSTS
    while address:
        page = api("GET", address).json()
        seen += [post["id"] for post in page["results"]]
        address = page["next"] and page["next"].replace("http://testserver", "")
    assert len(seen) == 23
    assert set(seen) == made


def test_comments_and_reactions(
    group: Group, api: Callable[..., Any], kari: Employee, make_post: Callable[..., Post]
) -> None:
    address = f"{POSTS}{make_post(kari, group).public_id}/"
    first = api("POST", f"{address}comments/", text="Fint").json()
    reply = api("POST", f"{address}comments/", text="Enig", parent=first["id"]).json()
    assert reply["parent"] == first["id"]
    assert [row["text"] for row in api("GET", f"{address}comments/").json()["results"]] == ["Enig", "Fint"]
    assert api("PUT", f"{address}reactions/", kind="heart").json() == {
        "total": 1,
        "counts": {"heart": 1},
        "mine": "heart",
    }
    assert api("DELETE", f"{address}reactions/").status_code == 204
    assert api("PATCH", f"/api/v1/comments/{first['id']}/", text="Flott").json()["text"] == "Flott"
    assert api("DELETE", f"/api/v1/comments/{first['id']}/").status_code == 204
    assert api("GET", address).json()["comment_count"] == 1


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({}, 400, "group"),
        ({"group": "nowhere", "text": "Hei"}, 400, "group"),
        ({"group": "MINE", "text": ""}, 400, "text"),
        ({"group": "MINE", "text": "x" * 1_000_000}, 400, "text"),
        ({"group": "MINE", "text": "a\x00"}, 400, "text"),
        ({"group": "MINE", "text": "a\ud800"}, 400, "text"),
        ({"group": "MINE", "text": {"a": 1}}, 400, "text"),
        ({"group": "MINE", "text": "Hei", "kind": "poll"}, 400, "kind"),
        ({"group": "MINE", "text": "Takk", "kind": "thanks"}, 400, "thanked"),
        ({"group": "MINE", "text": "Takk", "kind": "thanks", "thanked": "nobody"}, 400, "thanked"),
        ({"group": "SECRET", "text": "Hei"}, 400, "group"),
        ({"group": "OPEN", "text": "Hei"}, 403, None),
    ],
)
def test_what_cannot_be_published_is_told_at_its_field(
    body: dict[str, Any],
    status: int,
    field: str | None,
    group: Group,
    make_group: Callable[..., Group],
    api: Callable[..., Any],
    kari: Employee,
) -> None:
    known = {
        "MINE": group,
        "SECRET": make_group("Skjult", "secret", owner=kari),
        "OPEN": make_group("Åpen", owner=kari),
    }
    if body.get("group") in known:
        body = body | {"group": known[body["group"]].public_id}
    answer = api("POST", POSTS, **body)
    assert answer.status_code == status
    assert answer["Content-Type"].startswith("application/problem+json")
    if field:
        assert field in answer.json()["errors"]
    assert not Post.objects.exists()


def test_the_house_rules_come_first(
    group: Group, make_employee: Callable[..., Employee], client_of: Callable[..., Client]
) -> None:
    new = make_employee("Sunniva Dahl", accepted=False)
    Membership.objects.create(group=group, employee=new)
    answer = client_of(new).post(POSTS, {"group": group.public_id, "text": "Hei"}, content_type="application/json")
    assert answer.status_code == 403
    assert answer.json()["type"].endswith("house-rules-required")
    assert answer.json()["accept_url"]


def test_a_page_of_the_feed_costs_few_queries(
    group: Group,
    api: Callable[..., Any],
    kari: Employee,
    make_post: Callable[..., Post],
    django_assert_max_num_queries: Any,
) -> None:
    for _ in range(12):
        make_post(kari, group)
    with django_assert_max_num_queries(7):
        api("GET", POSTS)


def test_a_poll_in_a_form_is_taken_or_refused_and_never_dropped(
    group: Group, amina: Employee, client_of: Callable[..., Client]
) -> None:
    browser, facts = client_of(amina), {"group": group.public_id, "text": "Når?"}
    refused = browser.post(POSTS, facts | {"poll": "x"})
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["poll"])
    polls: list[dict[str, Any]] = [{"poll.choices": ["A", "B"]}, {"poll": json.dumps({"choices": ["A", "B"]})}]
    for number, poll in enumerate(polls):
        made = browser.post(POSTS, {**facts, "text": f"Når {number}?", **poll})
        assert [choice["text"] for choice in made.json()["poll"]["choices"]] == ["A", "B"]
