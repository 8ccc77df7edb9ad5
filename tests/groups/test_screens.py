from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from directory.actions import refresh_people
from directory.models import AuditEvent, Employee
from groups.models import Group, Membership, MembershipRequest, OptOut
from notifications.models import Notification

ClientOf = Callable[[Employee], Client]
MakeGroup = Callable[..., Group]


def at(name: str, group: Group, *more: str) -> str:
    return reverse(name, args=[group.public_id, group.slug, *more])


def plain(html: bytes) -> bytes:
    """Return the page without its tokens, which differ each time."""
    return b"".join(line for line in html.splitlines() if b"csrf" not in line.lower())


# What each page answers: by privacy, then by who looks. Owner, moderator, member, stranger, former member, HR, admin.
WHO = ("owner", "moderator", "member", "stranger", "former", "hr", "admin")
READS, HEAD_ONLY, NOTHING = 200, "head", 404
MATRIX: dict[str, dict[str, Any]] = {
    "open": dict.fromkeys(WHO, READS),
    "closed": dict.fromkeys(WHO[:3], READS) | dict.fromkeys(WHO[3:], HEAD_ONLY),
    "secret": dict.fromkeys(WHO[:3], READS) | dict.fromkeys(WHO[3:], NOTHING),
}


@pytest.fixture
def people(
    kari: Employee, amina: Employee, thanh: Employee, hege: Employee, admin: Employee, make_employee: Any
) -> dict[str, Employee]:
    return {
        "owner": kari,
        "moderator": make_employee("Mohammed Iqbal"),
        "member": amina,
        "stranger": thanh,
        "former": make_employee("Ola Ness"),
        "hr": hege,
        "admin": admin,
    }


@pytest.fixture
def group_of(people: dict[str, Employee], make_group: MakeGroup) -> Callable[..., Group]:
    def make(privacy: str, **facts: Any) -> Group:
        group = make_group(
            "Nattvakter", privacy, owner=people["owner"], members=[people["member"]], purpose="Natt.", **facts
        )
        Membership.objects.create(group=group, employee=people["moderator"], role="moderator")
        OptOut.objects.create(group=group, employee=people["former"])
        return group

    return make


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("privacy", ["open", "closed", "secret"])
@pytest.mark.parametrize("sensitive", [False, True])
def test_who_sees_what(
    privacy: str,
    who: str,
    sensitive: bool,
    people: dict[str, Employee],
    group_of: Callable[..., Group],
    client_of: ClientOf,
) -> None:
    if sensitive and privacy == "open":
        return
    group = group_of(privacy, sensitive=sensitive)
    client = client_of(people[who])
    wanted = MATRIX[privacy][who]
    page = client.get(group.get_absolute_url())
    members, about = client.get(at("group_members", group)), client.get(at("group_about", group))

    assert page.status_code == (404 if wanted == NOTHING else 200)
    assert members.status_code == about.status_code == (200 if wanted == READS else 404)
    listed = client.get(reverse("groups"), {"q": "Nattvakter"}).content.decode()
    assert ("Nattvakter</a>" in listed) == (wanted != NOTHING)
    found = client.get(f"/api/v1/groups/{group.public_id}/")
    assert found.status_code == (404 if wanted == NOTHING else 200)
    if wanted == HEAD_ONLY:
        text = page.content.decode()
        assert "Natt." in text
        assert "Kari Nordby" in text
        assert "Amina" not in text
        assert ("3 medlemmer" in text or "3 members" in text) == (not sensitive)
        assert (found.json()["member_count"] is None) == sensitive


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("privacy", ["open", "closed", "secret"])
def test_who_may_change_what(
    privacy: str, who: str, people: dict[str, Employee], group_of: Callable[..., Group], client_of: ClientOf
) -> None:
    group, client = group_of(privacy), client_of(people[who])

    assert client.get(at("group_settings", group)).status_code == (200 if who == "owner" else 404)
    assert client.post(at("archive_group", group)).status_code == (302 if who == "owner" else 404)
    group.refresh_from_db()
    assert group.is_archived == (who == "owner")
    removal = client.post(at("change_member", group, people["member"].public_id), {"remove": "1"})
    assert removal.status_code == (302 if who in ("owner", "moderator") else 404)
    assert Membership.objects.filter(group=group, employee=people["member"]).exists() == (
        who not in ("owner", "moderator")
    )


@pytest.mark.parametrize("route", ["group", "group_members", "group_about", "group_settings"])
def test_hidden_and_unknown_are_answered_alike(
    route: str, people: dict[str, Employee], group_of: Callable[..., Group], client_of: ClientOf
) -> None:
    group, client = group_of("secret"), client_of(people["stranger"])
    client.get("/groups/")
    answers = []
    for public_id in (group.public_id, "xxxxxxxxxxxx"):
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(reverse(route, args=[public_id, group.slug]))
        answers.append((answer.status_code, len(queries), plain(answer.content).replace(public_id.encode(), b"")))

    assert answers[0] == answers[1]
    assert answers[0][0] == 404


def test_what_happens_in_a_hidden_group_moves_nothing(
    people: dict[str, Employee], group_of: Callable[..., Group], client_of: ClientOf, make_employee: Any
) -> None:
    group, client = group_of("secret"), client_of(people["stranger"])
    pages = ["/groups/", "/groups/?show=all", "/groups/?q=natt", "/groups/similar/?name=Nattvakter"]
    before = [client.get(page).content for page in pages]
    Membership.objects.create(group=group, employee=make_employee("Siri Lund"))
    group.name = "Nattvakter ny"
    group.save()

    assert [plain(page) for page in before] == [plain(client.get(page).content) for page in pages]


def test_a_taken_hidden_name_never_shows(
    people: dict[str, Employee], group_of: Callable[..., Group], client_of: ClientOf
) -> None:
    group_of("secret")
    data = {"name": "Nattvakter", "privacy": "open", "icon": "Globe", "color": "accent"}
    answer = client_of(people["stranger"]).post(reverse("new_group"), data)

    assert answer.status_code == 302
    assert Group.objects.filter(name="Nattvakter").count() == 2


def test_similar_names_are_shown_first(
    people: dict[str, Employee], group_of: Callable[..., Group], client_of: ClientOf
) -> None:
    group_of("closed")
    client = client_of(people["stranger"])
    data = {"name": "Nattvaktene", "privacy": "closed", "icon": "Globe", "color": "accent"}
    first = client.post(reverse("new_group"), data)
    assert first.status_code == 422
    assert b"Nattvakter</a>" in first.content
    assert b'value="Nattvaktene"' in first.content

    second = client.post(reverse("new_group"), data | {"anyway": "1"})
    assert second.status_code == 302
    started = Group.objects.get(name="Nattvaktene")
    assert started.memberships.get().role == "owner"
    assert AuditEvent.objects.filter(verb="groups.created").count() == 1


@pytest.mark.parametrize(
    ("data", "word"),
    [
        ({"name": " ", "privacy": "open"}, "name"),
        ({"name": "x" * 121, "privacy": "open"}, "name"),
        ({"name": "a\x00b", "privacy": "open"}, "name"),
        ({"name": "Fint", "privacy": "invisible"}, "privacy"),
        ({"name": "Fint", "privacy": "secret"}, "privacy"),
        ({"name": "Fint", "privacy": "open", "icon": "Skull"}, "icon"),
        ({"name": "Fint", "privacy": "open", "purpose": "a" * 3000}, "purpose"),
    ],
)
def test_what_cannot_be_used_is_said_at_its_place(
    data: dict[str, str], word: str, thanh: Employee, client_of: ClientOf
) -> None:
    answer = client_of(thanh).post(reverse("new_group"), {"icon": "Globe", "color": "accent"} | data)

    assert answer.status_code == 422
    assert word in answer.context["form"].errors
    assert not Group.objects.exists()


def test_admin_may_start_a_hidden_group(admin: Employee, client_of: ClientOf) -> None:
    data = {"name": "Omstilling", "privacy": "secret", "icon": "Globe", "color": "accent"}
    assert client_of(admin).post(reverse("new_group"), data).status_code == 302


def test_join_and_undo(people: dict[str, Employee], group_of: Callable[..., Group], client_of: ClientOf) -> None:
    group, client, thanh = group_of("open"), client_of(people["stranger"]), people["stranger"]
    joined = client.post(at("join_group", group), follow=True)
    assert group.memberships.filter(employee=thanh).exists()
    assert at("leave_group", group).encode() in joined.content
    client.post(at("leave_group", group))
    assert not group.memberships.filter(employee=thanh).exists()


def test_leaving_is_undone_as_it_was(
    people: dict[str, Employee], group_of: Callable[..., Group], client_of: ClientOf
) -> None:
    group, client, amina = group_of("closed"), client_of(people["member"]), people["member"]
    Membership.objects.filter(group=group, employee=amina).update(notification_level="all", by_hand=False)
    left = client.post(at("leave_group", group), follow=True)
    assert client.get(at("group_members", group)).status_code == 404
    undo = left.content.decode().split("undo-leaving/")[1].split('"')[0]
    address = f"/groups/{group.public_id}/undo-leaving/{undo}"
    assert client_of(people["stranger"]).post(address).status_code == 404
    assert client.post(address).status_code == 302

    back = Membership.objects.get(group=group, employee=amina)
    assert (back.notification_level, back.by_hand) == ("all", False)
    assert not OptOut.objects.filter(employee=amina).exists()
    assert client.post(address).status_code == 404


def test_a_fixed_group_and_the_only_owner_stay(
    people: dict[str, Employee], group_of: Callable[..., Group], client_of: ClientOf
) -> None:
    group = group_of("open")
    Membership.objects.filter(group=group, employee=people["member"]).update(may_leave=False)
    for who in ("member", "owner"):
        client_of(people[who]).post(at("leave_group", group))
    assert group.memberships.count() == 3


def test_asking_and_being_let_in(
    people: dict[str, Employee], group_of: Callable[..., Group], client_of: ClientOf
) -> None:
    group, thanh, kari = group_of("closed"), people["stranger"], people["owner"]
    asking, owner = client_of(thanh), client_of(kari)
    asking.post(at("ask_to_join", group))
    asking.post(at("ask_to_join", group))
    assert MembershipRequest.objects.count() == 1
    assert set(Notification.objects.values_list("recipient", flat=True)) == {kari.pk, people["moderator"].pk}
    assert "Thanh Nguyen" in owner.get(at("group_members", group)).content.decode()
    assert client_of(people["member"]).post(at("answer_request", group, thanh.public_id)).status_code == 404

    owner.post(at("answer_request", group, thanh.public_id), {"accept": "1"})
    assert group.memberships.filter(employee=thanh, by_hand=True).exists()
    assert Notification.objects.filter(recipient=thanh, kind="membership_answer").count() == 1
    assert asking.get(group.get_absolute_url()).status_code == 200
    assert "Nattvakter" in asking.get(reverse("notifications")).content.decode()


def test_being_told_no_and_taking_back(
    people: dict[str, Employee], group_of: Callable[..., Group], client_of: ClientOf
) -> None:
    group, thanh = group_of("closed"), people["stranger"]
    asking = client_of(thanh)
    asking.post(at("ask_to_join", group))
    asking.post(at("ask_to_join", group), {"take_back": "1"})
    assert not MembershipRequest.objects.exists()
    asking.post(at("ask_to_join", group))
    client_of(people["owner"]).post(at("answer_request", group, thanh.public_id), {"decline": "1"})
    assert not group.memberships.filter(employee=thanh).exists()
    assert "Nattvakter" in asking.get(reverse("notifications")).content.decode()


@pytest.mark.parametrize("privacy", ["open", "secret"])
def test_one_only_asks_closed_groups(
    privacy: str, people: dict[str, Employee], group_of: Callable[..., Group], client_of: ClientOf
) -> None:
    answer = client_of(people["stranger"]).post(at("ask_to_join", group_of(privacy)))
    assert answer.status_code == (403 if privacy == "open" else 404)


def test_joining_a_closed_group_is_refused(
    people: dict[str, Employee], group_of: Callable[..., Group], client_of: ClientOf
) -> None:
    assert client_of(people["stranger"]).post(at("join_group", group_of("closed"))).status_code == 403


def test_roles(people: dict[str, Employee], group_of: Callable[..., Group], client_of: ClientOf) -> None:
    group = group_of("closed")
    owner, moderator = client_of(people["owner"]), client_of(people["moderator"])
    change = at("change_member", group, people["member"].public_id)
    moderator.post(change, {"role": "owner"})
    assert Membership.objects.get(group=group, employee=people["member"]).role == "member"
    owner.post(change, {"role": "owner"})
    assert Membership.objects.get(group=group, employee=people["member"]).role == "owner"
    moderator.post(change, {"remove": "1"})
    assert Membership.objects.filter(group=group, employee=people["member"]).exists()
    owner.post(change, {"role": "nonsense"})
    owner.post(at("change_member", group, people["owner"].public_id), {"role": "member"})
    client_of(people["member"]).post(change, {"role": "member"})
    assert list(group.memberships.filter(role="owner").values_list("employee", flat=True)) == [people["member"].pk]


def test_adding_a_colleague(people: dict[str, Employee], group_of: Callable[..., Group], client_of: ClientOf) -> None:
    group, owner, thanh = group_of("closed"), client_of(people["owner"]), people["stranger"]
    refresh_people([thanh.pk])
    found = owner.get(at("group_members", group), {"add": "thanh"}).content.decode()
    assert at("add_member", group, thanh.public_id) in found
    owner.post(at("add_member", group, thanh.public_id))
    assert group.memberships.filter(employee=thanh).exists()
    assert Notification.objects.filter(recipient=thanh, kind="membership_added").exists()


def test_changing_privacy_is_logged(
    people: dict[str, Employee], group_of: Callable[..., Group], client_of: ClientOf
) -> None:
    group, owner = group_of("closed"), client_of(people["owner"])
    data = {"name": "Natt", "privacy": "open", "posting": "members", "icon": "Globe", "color": "info", "cover": ""}
    assert owner.post(at("group_settings", group), data).status_code == 302
    assert AuditEvent.objects.get(verb="groups.privacy_changed").facts == {"from": "closed", "to": "open"}
    group.refresh_from_db()
    refused = owner.post(at("group_settings", group), data | {"sensitive": "on"})
    assert "sensitive" in refused.context["form"].errors
    assert owner.post(at("group_settings", group), data | {"privacy": "secret"}).status_code == 422


def test_an_old_address_leads_to_the_new(
    people: dict[str, Employee], group_of: Callable[..., Group], client_of: ClientOf
) -> None:
    group, client = group_of("open"), client_of(people["stranger"])
    answer = client.get(reverse("group", args=[group.public_id, "gammelt-navn"]))
    assert answer["Location"] == group.get_absolute_url()


def test_protected_people_tell_nothing_in_lists(
    people: dict[str, Employee], group_of: Callable[..., Group], client_of: ClientOf, make_employee: Any
) -> None:
    group = group_of("open")
    hidden = make_employee("Åse Aaberg", protected=True)
    Membership.objects.create(group=group, employee=hidden)
    client = client_of(people["member"])
    text = client.get(at("group_members", group)).content.decode()
    assert "Aaberg" not in text
    assert hidden.public_id not in text
    assert "Kollega" in text or "Colleague" in text
    assert "Kollega" not in client.get(at("group_members", group), {"q": "aaberg"}).content.decode().split("<main")[1]


def test_queries_do_not_grow(
    people: dict[str, Employee],
    group_of: Callable[..., Group],
    client_of: ClientOf,
    make_employee: Any,
    make_group: MakeGroup,
) -> None:
    group, client = group_of("open"), client_of(people["member"])
    pages = ["/groups/", "/groups/?show=all", at("group_members", group), at("group_about", group)]

    def count() -> list[int]:
        numbers = []
        for page in pages:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(page).status_code == 200
            numbers.append(len(queries))
        return numbers

    count()
    few = count()
    for number in range(12):
        new = make_employee(f"Ny Kollega{number}")
        Membership.objects.create(group=group, employee=new)
        make_group(f"Gruppe {number}", owner=people["owner"], members=[people["member"], new])
        make_group(f"Annen {number}", owner=people["owner"], members=[new])
    assert count() == few
    assert max(few) <= 15


def test_changing_level(people: dict[str, Employee], group_of: Callable[..., Group], client_of: ClientOf) -> None:
    group, client = group_of("open"), client_of(people["member"])
    client.post(at("group_level", group), {"level": "quiet"})
    client.post(at("group_level", group), {"level": "deafening"})
    assert Membership.objects.get(group=group, employee=people["member"]).notification_level == "quiet"
