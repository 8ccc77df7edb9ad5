"""What comes after writing, and what is one's own, over the API: through the same rules as the pages."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from conversations.actions import UNDO
from directory.models import Employee
from feed.models import PersonFollow, Post, PostDraft
from groups.models import Group, Membership

Call = Callable[..., Any]


@pytest.fixture
def group(make_group: Callable[..., Group], kari: Employee, amina: Employee, thanh: Employee) -> Group:
    return make_group("Alna vest", "closed", owner=kari, members=[amina, thanh])


@pytest.fixture
def post(make_post: Callable[..., Post], amina: Employee, group: Group) -> Post:
    return make_post(amina, group, text="Fru Berg har fått ny medisin.")


@pytest.fixture
def api(client_of: Callable[..., Client]) -> Call:
    def call(person: Employee, method: str, path: str, **body: Any) -> Any:
        return client_of(person).generic(method, f"/api/v1/{path}", json.dumps(body), "application/json")

    return call


def test_a_report_is_made_read_and_decided(
    api: Call, post: Post, amina: Employee, kari: Employee, thanh: Employee
) -> None:
    facts = {"reason": "personal_data", "text": "En pasient"}
    made = api(thanh, "POST", f"posts/{post.public_id}/reports/", **facts)
    assert (made.status_code, made.json()["is_hidden"], made.json()["words"]) == (201, True, "")
    assert api(amina, "GET", f"posts/{post.public_id}/").status_code == 404
    address = f"reports/{made.json()['id']}/"
    waiting = api(kari, "GET", "reports/").json()["results"]
    assert [(row["id"], row["about"], row["may_decide"]) for row in waiting] == [(made.json()["id"], "post", True)]
    seen = {name: api(person, "GET", address).json() for name, person in (("decides", kari), ("wrote", amina))}
    assert [seen["decides"][name] for name in ("words", "note")] == [post.text, "En pasient"]
    assert seen["decides"]["reporter"]["name"] == thanh.display_name
    assert (seen["wrote"]["words"], seen["wrote"]["note"], seen["wrote"]["reporter"]) == (post.text, "", None)
    assert api(amina, "POST", f"{address}decision/", decision="kept").status_code == 403
    decided = api(kari, "POST", f"{address}decision/", decision="kept", answer="En katt.").json()
    assert (decided["decision"], decided["may_decide"]) == ("kept", False)
    assert api(thanh, "GET", address).json()["answer"] == "En katt."
    assert api(kari, "POST", f"{address}decision/", decision="kept").status_code == 409
    assert api(thanh, "GET", f"posts/{post.public_id}/").status_code == 200


def test_comments_are_closed_and_opened(api: Call, post: Post, amina: Employee, thanh: Employee) -> None:
    address = f"posts/{post.public_id}/"
    assert api(thanh, "PATCH", address, comments_open=False).status_code == 403
    closed = api(amina, "PATCH", address, comments_open=False).json()
    assert (closed["comments_open"], closed["may_comment"]) == (False, False)
    assert api(thanh, "POST", f"{address}comments/", text="Hei").status_code == 403
    assert api(amina, "PATCH", address, comments_open=True).json()["may_comment"]


def test_what_was_deleted_comes_back_while_that_is_fresh(
    api: Call, post: Post, amina: Employee, kari: Employee
) -> None:
    address = f"posts/{post.public_id}/"
    comment = f"comments/{api(amina, 'POST', f'{address}comments/', text='Hei').json()['id']}/"
    for each in (comment, address):
        assert api(amina, "DELETE", each).status_code == 204
        assert api(kari, "POST", f"{each}restore/").status_code == 404
        assert api(amina, "POST", f"{each}restore/").status_code == 204
        assert api(amina, "GET", each).status_code == 200
    api(amina, "DELETE", address)
    Post.objects.update(deleted_at=timezone.now() - UNDO * 2)
    assert api(amina, "POST", f"{address}restore/").json()["type"] == "/problems/too_late"


def test_what_a_post_said_before(api: Call, post: Post, amina: Employee, kari: Employee, thanh: Employee) -> None:
    api(amina, "PATCH", f"posts/{post.public_id}/", text="Rettet")
    for reader in (amina, kari):
        rows = api(reader, "GET", f"posts/{post.public_id}/history/").json()["results"]
        assert [row["text"] for row in rows] == [post.text]
    assert api(thanh, "GET", f"posts/{post.public_id}/history/").status_code == 404


def test_drafts_are_kept_read_and_thrown_away(api: Call, group: Group, amina: Employee, liv: Employee) -> None:
    address = f"drafts/{group.public_id}/"
    kept = api(amina, "PUT", address, text="Begynt", kind="question", mentioned=["x"]).json()
    assert (kept["place"], kept["fields"]["text"], kept["fields"]["mentioned"]) == (group.public_id, "Begynt", ["x"])
    assert api(amina, "GET", address).json() == kept
    assert [row["place"] for row in api(amina, "GET", "drafts/").json()["results"]] == [group.public_id]
    assert api(liv, "GET", "drafts/").json()["results"] == []
    assert api(amina, "PUT", address, text="").status_code == 204
    assert not PostDraft.objects.exists()
    api(amina, "PUT", "drafts/home/", text="Hei")
    assert api(amina, "DELETE", "drafts/home/").status_code == 204
    assert api(amina, "GET", "drafts/home/").status_code == 404


def test_following_a_colleague(api: Call, amina: Employee, kari: Employee) -> None:
    address = f"employees/{kari.public_id}/follow/"
    assert api(amina, "PUT", address).status_code == 204
    assert PersonFollow.objects.get().followed == kari
    assert api(kari, "PUT", address).status_code == 403
    assert api(amina, "DELETE", address).status_code == 204
    assert not PersonFollow.objects.exists()


def test_a_group_without_an_owner_is_taken_over_by_two(
    api: Call, group: Group, amina: Employee, thanh: Employee, kari: Employee
) -> None:
    address = f"groups/{group.public_id}/"
    assert api(kari, "POST", f"{address}in-use/").status_code == 204
    assert api(amina, "POST", f"{address}takeover/").status_code == 403
    Membership.objects.filter(employee=kari).delete()
    assert api(thanh, "POST", f"{address}takeover/agree/").status_code == 409
    assert api(amina, "POST", f"{address}takeover/").status_code == 204
    assert api(amina, "POST", f"{address}takeover/agree/").status_code == 403
    assert api(thanh, "POST", f"{address}takeover/agree/").json()["role"] == "owner"
    assert Membership.objects.get(role="owner").employee == amina
