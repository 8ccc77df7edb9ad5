"""Groups of an identity system: thousands of members, two changes at once, and groups here that they fill."""

from __future__ import annotations

import os
import threading
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.database import lock_for_transaction
from core.errors import RefusedError
from directory.models import Employee
from groups.models import Group, Membership
from groups.reasons import word_reason
from notifications.fan_out import run_due_fan_outs
from onboarding.models import ScimGroup, ScimMember, ScimUser
from onboarding.reconcile import LOCK, reconcile_enrolments
from onboarding.scim.actions import close_client, connect_group, create_client, make_key, revoke_key
from tests.conftest import MakeEmployee
from tests.onboarding.scim import System

# All of them with SCIM_CHECKS=all: most of the time goes to making the people.
MANY = 12_000 if os.environ.get("SCIM_CHECKS") == "all" else 1_500


def make_many(entra: System, count: int) -> list[str]:
    """People the system has told of, stored at once."""
    people = Employee.objects.bulk_create(
        [Employee(username=f"m{place}", first_name=f"M{place}", password="!") for place in range(count)]
    )
    rows = ScimUser.objects.bulk_create(
        [ScimUser(client=entra.client, employee=one, user_name=one.username, user_key=one.username) for one in people]
    )
    return [row.public_id for row in rows]


def make_group(entra: System, *members: str, name: str = "Sykepleiere") -> str:
    answer = entra.send("POST", "/Groups", {"displayName": name, "members": [{"value": one} for one in members]})
    assert answer.status_code == 201, answer.content
    return f"/Groups/{answer.json()['id']}"


def named(*ids: str) -> list[dict[str, str]]:
    return [{"value": one} for one in ids]


@pytest.mark.django_db
def test_members_come_and_go_in_every_habit(entra: System) -> None:
    a, b, c, d = make_many(entra, 4)
    group = make_group(entra, a)
    steps: list[tuple[dict[str, Any], set[str]]] = [
        ({"op": "Add", "path": "members", "value": named(b, c)}, {a, b, c}),
        ({"op": "Add", "path": "members", "value": named(b)}, {a, b, c}),
        ({"op": "Remove", "path": f'members[value eq "{a}"]'}, {b, c}),
        ({"op": "Remove", "path": f'members[value eq "{a}"]'}, {b, c}),
        ({"op": "Remove", "path": "members", "value": named(b)}, {c}),
        ({"op": "add", "value": {"members": named(d)}}, {c, d}),
        ({"op": "replace", "path": "members", "value": named(a, b)}, {a, b}),
        ({"op": "replace", "value": {"displayName": "Leger"}}, {a, b}),
        ({"op": "replace", "value": {"members": named(c)}}, {c}),
        ({"op": "remove", "path": "members"}, set()),
    ]
    for operation, expected in steps:
        answer = entra.patch(group, operation)
        held = {one["value"] for one in entra.send("GET", group).json().get("members", [])}
        assert (answer.status_code, held) == (204, expected), operation
    unknown = entra.patch(group, {"op": "add", "path": "members", "value": named(a, "finnesikke22")})
    assert (unknown.status_code, unknown.json()["scimType"]) == (400, "invalidValue")
    nested = entra.patch(group, {"op": "add", "path": "members", "value": [{"value": a, "type": "Group"}]})
    assert (nested.status_code, ScimMember.objects.count()) == (400, 0)
    whole = entra.patch(
        f"{group}?attributes=displayName,members", {"op": "add", "path": "members", "value": named(a, b)}
    )
    assert (whole.status_code, len(whole.json()["members"])) == (200, 2)
    assert entra.find("/Groups", f'members eq "{a}"', excludedAttributes="members")["totalResults"] == 1
    assert entra.find("/Users", f'id eq "{a}"')["Resources"][0]["groups"][0]["display"] == "Leger"
    assert entra.send("DELETE", group).status_code == 204


@pytest.mark.django_db
def test_one_who_joins_thousands_costs_what_one_who_joins_ten_does(entra: System) -> None:
    ids = make_many(entra, MANY)
    group = make_group(entra, *ids[:10])
    few = _queries_of_joining(entra, group, ids[10])
    added = entra.patch(group, {"op": "add", "path": "members", "value": named(*ids)})
    assert (added.status_code, ScimMember.objects.count()) == (204, MANY)
    left = entra.patch(group, {"op": "remove", "path": "members", "value": named(ids[-1])})
    assert (left.status_code, ScimMember.objects.count()) == (204, MANY - 1)
    assert _queries_of_joining(entra, group, ids[-1]) == few
    page = entra.send("GET", f"{group}?excludedAttributes=members").json()
    assert "members" not in page


def _queries_of_joining(entra: System, group: str, member: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        entra.patch(group, {"op": "add", "path": "members", "value": named(member)})
    return len(queries)


@pytest.mark.django_db(transaction=True)
def test_two_changes_at_once_lose_nobody(entra: System) -> None:
    ids = make_many(entra, 60)
    group = make_group(entra, *ids[:20])
    statuses: list[int] = []

    def change(joining: list[str], leaving: list[str]) -> None:
        for one, other in zip(joining, leaving, strict=True):
            operations = (
                {"op": "add", "path": "members", "value": named(one)},
                {"op": "remove", "path": f'members[value eq "{other}"]'},
            )
            statuses.append(entra.patch(group, *operations).status_code)
        connection.close()

    shares = [(ids[20:25], ids[:5]), (ids[25:30], ids[5:10]), (ids[30:35], ids[10:15])]
    threads = [threading.Thread(target=change, args=share) for share in shares]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    held = set(ScimMember.objects.values_list("user__public_id", flat=True))
    assert (statuses, held) == ([204] * 15, set(ids[15:35]))
    assert ScimGroup.objects.get().version == 16


@pytest.mark.django_db(transaction=True)
def test_whoever_waits_too_long_is_told_to_come_back(entra: System, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onboarding.scim.storage.LONGEST_WAIT", "50ms")
    held, done = threading.Event(), threading.Event()

    def import_people() -> None:
        with transaction.atomic():
            lock_for_transaction(LOCK)
            held.set()
            done.wait(10)
        connection.close()

    importing = threading.Thread(target=import_people)
    importing.start()
    held.wait(10)
    answer = entra.make("kari", number="8002")
    read = entra.send("GET", "/Users")
    done.set()
    importing.join()
    assert (answer.status_code, answer.headers["Retry-After"], read.status_code) == (503, "30", 200)
    answers: list[int] = []

    def make() -> None:
        answers.append(entra.make("kari", number="8002").status_code)
        connection.close()

    threads = [threading.Thread(target=make) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sorted(answers), Employee.objects.filter(employee_number="8002").count()) in (
        ([201, 409], 1),
        ([201, 503], 1),
    )


def known(system: System, person: Employee) -> str:
    """Let the system tell of somebody who is here, and return its id."""
    answer = system.make(person.username, number=person.employee_number, name=person.full_name)
    return str(answer.json()["id"])


@pytest.mark.django_db
def test_a_connected_group_fills_one_here_and_says_why(
    entra: System, admin: Employee, make_group_here: Any, make_employee: MakeEmployee
) -> None:
    by_hand, other = make_employee("Ola Ness"), make_employee("Kari Lien")
    ids = [known(entra, one) for one in (by_hand, other)]
    here = make_group_here
    Membership.objects.create(group=here, employee=by_hand)
    path = make_group(entra, *ids)
    told = ScimGroup.objects.get()
    connect_group(actor=admin, told=told, group=here)
    reconcile_enrolments()
    made = Membership.objects.get(employee=other, group=here)
    assert (made.by_hand, made.may_leave) == (False, True)
    assert word_reason(made.reason) == "Fordi du er med i «Sykepleiere» der brukerkontoen din blir styrt"
    entra.patch(path, {"op": "remove", "path": "members"})
    assert set(Membership.objects.filter(group=here).values_list("employee", flat=True)) == {by_hand.pk}
    entra.patch(path, {"op": "add", "path": "members", "value": named(*ids)})
    assert Membership.objects.filter(group=here).count() == 2
    entra.patch(f"/Users/{ids[1]}", {"op": "replace", "path": "active", "value": "False"})
    assert Membership.objects.filter(group=here, employee=other).exists() is False
    sensitive = Group.objects.create(name="Fagforeninga", privacy="closed", sensitive=True)
    with pytest.raises(RefusedError):
        connect_group(actor=admin, told=told, group=sensitive)


@pytest.mark.django_db
def test_who_runs_a_closed_group_is_told_as_of_a_rule(
    entra: System, admin: Employee, make_group_here: Group, make_employee: MakeEmployee
) -> None:
    owner, closed = make_employee("Ola Ness"), Group.objects.create(name="Ny turnus", privacy="closed")
    Membership.objects.create(group=closed, employee=owner, role="owner")
    Membership.objects.create(group=make_group_here, employee=owner, role="owner")
    make_group(entra, known(entra, admin))
    told = ScimGroup.objects.get()
    for group in (make_group_here, closed, closed):
        connect_group(actor=admin, told=told, group=group)
    run_due_fan_outs()
    assert [(one.kind, one.target_id) for one in owner.notifications.all()] == [("group_connected", closed.pk)]
    connect_group(actor=admin, told=told, group=None)
    connect_group(actor=admin, told=told, group=closed)
    run_due_fan_outs()
    assert owner.notifications.count() == 2, "told again when it is done anew"


@pytest.fixture
def make_group_here(db: None) -> Group:
    return Group.objects.create(name="Sykepleiere i Alna", privacy="open")


@pytest.mark.django_db
def test_keys_are_shown_once_rotated_and_ended(
    entra: System, admin: Employee, make_employee: MakeEmployee, client_of: Any
) -> None:
    assert entra.send("GET", "/Users").status_code == 200
    token = entra.client.tokens.get()
    assert entra.key not in (token.digest, str(token))
    second = System(entra.client, make_key(actor=admin, client=entra.client, overlap_days=1))
    assert [one.send("GET", "/Users").status_code for one in (entra, second)] == [200, 200]
    third = System(entra.client, make_key(actor=admin, client=entra.client))
    assert [one.send("GET", "/Users").status_code for one in (entra, second, third)] == [401, 401, 200]
    revoke_key(actor=admin, token=entra.client.tokens.latest("pk"))
    answer = third.send("GET", "/Users")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="SCIM"')
    fourth = System(entra.client, make_key(actor=admin, client=entra.client))
    close_client(actor=admin, client=entra.client)
    assert fourth.send("GET", "/Users").status_code == 401
    assert System(entra.client, "").send("GET", "/ServiceProviderConfig").status_code == 200
    hr = make_employee("Hege Strand", roles=("hr",))
    with pytest.raises(PermissionDenied):
        create_client(actor=hr, name="Okta")


@pytest.mark.django_db
def test_the_screens_of_an_administrator(
    admin: Employee, client_of: Any, make_group_here: Group, make_employee: MakeEmployee
) -> None:
    browser = client_of(admin)
    assert "Ingen systemer er koblet til" in browser.get(reverse("manage_scim")).content.decode()
    empty = browser.post(reverse("new_scim_client"), {"name": " "})
    assert (empty.status_code, "errsum" in empty.content.decode()) == (422, True)
    made = browser.post(reverse("new_scim_client"), {"name": "Entra ID"})
    entra = System(made.context["client"], made.context["key"])
    assert (made.headers["Cache-Control"].split(", ")[-1], entra.send("GET", "/Users").status_code) == ("private", 200)
    assert browser.post(reverse("new_scim_client"), {"name": "entra id"}).status_code == 422
    path = make_group(entra, name="SG-Alna")
    told = path.rpartition("/")[2]
    page = reverse("connect_scim_group", args=[entra.client.public_id, told])
    assert make_group_here.name in browser.get(page, {"q": "syke"}).content.decode()
    browser.post(page, {"group": make_group_here.public_id, "may_leave": "on"})
    detail = reverse("scim_client", args=[entra.client.public_id])
    with CaptureQueriesContext(connection) as queries:
        text = browser.get(detail).content.decode()
    assert make_group_here.name in text
    assert entra.key not in text
    assert len(queries) <= 24
    person = make_employee("Ola Ness")
    user = entra.make("ola", number=person.employee_number).json()["id"]
    entra.patch(f"/Users/{user}", {"op": "replace", "path": "active", "value": False})
    assert "Stengt ute" in browser.get(detail).content.decode()
    browser.post(reverse("let_in_again_scim", args=[entra.client.public_id, person.public_id]))
    person.refresh_from_db()
    assert person.is_active
    key = entra.client.tokens.get()
    browser.post(reverse("revoke_scim_key", args=[entra.client.public_id, key.public_id]))
    assert entra.send("GET", "/Users").status_code == 401
    assert (
        browser.post(reverse("new_scim_key", args=[entra.client.public_id]), {"overlap_days": "9"}).status_code == 422
    )
    browser.post(reverse("close_scim_client", args=[entra.client.public_id]))
    assert "Koblet fra" in browser.get(reverse("manage_scim")).content.decode()
