from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from directory.models import Employee
from groups.models import Group, Membership

ClientOf = Callable[[Employee], Client]
MakeGroup = Callable[..., Group]


def test_list_is_what_may_be_known(make_group: MakeGroup, kari: Employee, thanh: Employee, client_of: ClientOf) -> None:
    make_group("Åpen", owner=kari)
    make_group("Lukket", "closed", owner=kari)
    make_group("Skjult", "secret", owner=kari)
    sensitive = make_group("Fagforening", "closed", owner=kari, sensitive=True)

    found = client_of(thanh).get("/api/v1/groups/").json()["results"]

    assert [group["name"] for group in found] == ["Fagforening", "Lukket", "Åpen"]
    assert found[0] == {
        "id": sensitive.public_id,
        "name": "Fagforening",
        "purpose": "",
        "kind": "subject",
        "privacy": "closed",
        "joining": "anyone",
        "posting": "members",
        "approves_posts": False,
        "open_history": True,
        "seen_by": "off",
        "unit": None,
        "icon": "PersonGroup",
        "color": "accent",
        "member_count": None,
        "is_member": False,
        "is_following": False,
        "is_invited": False,
        "may_write": False,
        "may_join": False,
        "may_ask": True,
        "is_archived": False,
        "url": sensitive.get_absolute_url(),
    }
    searched = client_of(thanh).get("/api/v1/groups/", {"search": "luk"}).json()["results"]
    assert [group["name"] for group in searched] == ["Lukket"]


def test_pages_follow_each_other(make_group: MakeGroup, thanh: Employee, client_of: ClientOf) -> None:
    for number in range(5):
        make_group(f"Gruppe {number}")
    client, names, address = client_of(thanh), [], "/api/v1/groups/?page_size=2"
    while address:
        page = client.get(address).json()
        names += [group["name"] for group in page["results"]]
        address = page["next"]
    assert names == [f"Gruppe {number}" for number in range(5)]


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"name": "Vafler", "purpose": "Hver onsdag"}, 201),
        ({"name": "Vafler", "privacy": "closed"}, 201),
        ({"name": "Vafler", "privacy": "secret"}, 403),
        ({"name": " "}, 400),
        ({"name": "x" * 200}, 400),
        ({"name": ["list"]}, 400),
        ({"name": "a\x00"}, 400),
        ({}, 400),
    ],
)
def test_starting_a_group(data: dict[str, Any], status: int, thanh: Employee, client_of: ClientOf) -> None:
    answer = client_of(thanh).post("/api/v1/groups/", data, content_type="application/json")

    assert answer.status_code == status
    assert Group.objects.count() == (status == 201)
    if status == 201:
        assert answer.json()["is_member"] is True
        assert answer.json()["member_count"] == 1
    else:
        assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("privacy", "member", "status"),
    [
        ("open", False, 200),
        ("closed", False, 404),
        ("closed", True, 200),
        ("secret", False, 404),
        ("secret", True, 200),
    ],
)
def test_members(
    privacy: str,
    member: bool,
    status: int,
    make_group: MakeGroup,
    make_employee: Any,
    kari: Employee,
    amina: Employee,
    client_of: ClientOf,
) -> None:
    hidden = make_employee("Åse Aaberg", protected=True)
    group = make_group("Natt", privacy, owner=kari, members=[hidden, *([amina] if member else [])])
    answer = client_of(amina).get(f"/api/v1/groups/{group.public_id}/members/")

    assert answer.status_code == status
    if status == 200:
        members = answer.json()["results"]
        assert members[0] == {"person": {"id": kari.public_id, "name": "Kari Nordby"}, "role": "owner"}
        assert {"person": {"id": None, "name": "Kollega"}, "role": "member"} in members
        assert "Aaberg" not in answer.content.decode()


def test_joining_and_leaving(make_group: MakeGroup, kari: Employee, thanh: Employee, client_of: ClientOf) -> None:
    group, client = make_group("Vafler", owner=kari), client_of(thanh)
    joined = client.post("/api/v1/memberships/", {"group": group.public_id}, content_type="application/json")
    assert joined.status_code == 201
    assert joined.json()["group"]["id"] == group.public_id
    again = client.post("/api/v1/memberships/", {"group": group.public_id}, content_type="application/json")
    assert again.status_code == 201
    assert [one["group"]["name"] for one in client.get("/api/v1/memberships/").json()["results"]] == ["Vafler"]
    assert client.delete(f"/api/v1/memberships/{group.public_id}/").status_code == 204
    assert not Membership.objects.filter(employee=thanh).exists()


def test_what_cannot_be_joined_or_left(
    make_group: MakeGroup, kari: Employee, thanh: Employee, client_of: ClientOf
) -> None:
    client = client_of(thanh)
    answers = {}
    for privacy in ("closed", "secret"):
        group = make_group("Natt", privacy, owner=kari)
        sent = client.post("/api/v1/memberships/", {"group": group.public_id}, content_type="application/json")
        answers[privacy] = sent.status_code
    assert answers == {"closed": 403, "secret": 404}
    fixed = make_group("Fast", owner=kari, members=[thanh])
    Membership.objects.filter(employee=thanh).update(may_leave=False)
    refused = client.delete(f"/api/v1/memberships/{fixed.public_id}/")
    assert (refused.status_code, refused["Content-Type"]) == (409, "application/problem+json")
    assert client_of(kari).delete(f"/api/v1/memberships/{fixed.public_id}/").status_code == 409


def test_hidden_and_unknown_alike(make_group: MakeGroup, kari: Employee, thanh: Employee, client_of: ClientOf) -> None:
    group, client = make_group("Skjult", "secret", owner=kari), client_of(thanh)
    client.get("/api/v1/groups/")
    for tail in ("", "members/"):
        answers = []
        for public_id in (group.public_id, "xxxxxxxxxxxx"):
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(f"/api/v1/groups/{public_id}/{tail}")
            answers.append((answer.status_code, answer.content, len(queries)))
        assert answers[0] == answers[1]
        assert answers[0][0] == 404


def test_queries_do_not_grow(make_group: MakeGroup, amina: Employee, kari: Employee, client_of: ClientOf) -> None:
    client = client_of(amina)

    def count() -> list[int]:
        numbers = []
        for address in ("/api/v1/groups/", "/api/v1/memberships/"):
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            numbers.append(len(queries))
        return numbers

    make_group("Første", owner=kari, members=[amina])
    count()
    few = count()
    for number in range(20):
        make_group(f"Gruppe {number}", owner=kari, members=[amina])
    assert count() == few


def test_an_owner_changes_what_is_sent(
    make_group: MakeGroup, kari: Employee, amina: Employee, client_of: ClientOf
) -> None:
    group = make_group("Nattvakter", "closed", owner=kari, members=[amina], purpose="Natt.", joining="request")
    address = f"/api/v1/groups/{group.public_id}/"
    send: Any = {"content_type": "application/json"}
    changed = client_of(kari).patch(address, {"kind": "announcements", "joining": "invitation"}, **send)
    assert changed.status_code == 200
    told = changed.json()
    assert (told["kind"], told["posting"], told["joining"]) == ("announcements", "owners", "invitation")
    assert (told["purpose"], told["name"]) == ("Natt.", "Nattvakter")
    assert client_of(amina).patch(address, {"name": "Mine"}, **send).status_code == 403
    refused = client_of(kari).patch(address, {"privacy": "open", "sensitive": True}, **send)
    assert refused.status_code == 400
    assert refused.headers["Content-Type"] == "application/problem+json"


def test_invited_through_the_api(make_group: MakeGroup, kari: Employee, thanh: Employee, client_of: ClientOf) -> None:
    group = make_group("Skjult", "secret", owner=kari, joining="invitation")
    address = f"/api/v1/groups/{group.public_id}"
    send: Any = {"content_type": "application/json"}
    client = client_of(thanh)
    assert client.get(f"{address}/").status_code == 404
    invited = client_of(kari).post(f"{address}/invitations/", {"person": thanh.public_id}, **send)
    assert invited.status_code == 201
    again = client_of(kari).post(f"{address}/invitations/", {"person": thanh.public_id}, **send)
    assert again.status_code == 204
    listed = client.get("/api/v1/groups/?tie=invited").json()["results"]
    assert [one["name"] for one in listed] == ["Skjult"]
    assert client.post(f"{address}/invitation/", {"accept": True}, **send).status_code == 204
    assert client.get("/api/v1/groups/?tie=member").json()["results"][0]["is_member"]


def test_level_mute_follow_and_close(
    make_group: MakeGroup, kari: Employee, thanh: Employee, client_of: ClientOf
) -> None:
    group, client = make_group("Vafler", owner=kari), client_of(thanh)
    address = f"/api/v1/groups/{group.public_id}"
    send: Any = {"content_type": "application/json"}
    assert client.put(f"{address}/follow/").status_code == 204
    assert client.get(f"{address}/").json()["is_following"]
    joined = client.post("/api/v1/memberships/", {"group": group.public_id, "notification_level": "all"}, **send)
    assert joined.json()["notification_level"] == "all"
    mine = f"/api/v1/memberships/{group.public_id}/"
    changed = client.patch(mine, {"notification_level": "quiet", "is_muted": True}, **send).json()
    assert (changed["notification_level"], changed["is_muted"]) == ("quiet", True)
    assert client.post(f"{address}/close/").status_code == 403
    assert client_of(kari).post(f"{address}/close/").status_code == 204
    assert client.get(f"{address}/").status_code == 404
    assert client.get("/api/v1/memberships/").json()["results"] == []
    assert client_of(kari).post(f"{address}/reopen/").status_code == 200
    assert client.get(f"{address}/").status_code == 200
