"""The API, as programs use it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from announcements.models import Announcement
from directory.models import Employee
from groups.models import Membership
from tests.announcements.conftest import EVERYONE, Announce, ClientOf, deliver_all
from tests.conftest import City, MakeEmployee, MakeGroup

pytestmark = pytest.mark.django_db
URL = "/api/v1/announcements/"


def send(client: Client, address: str, body: Any = None, method: str = "post") -> Any:
    return getattr(client, method)(address, body or {}, content_type="application/json")


def test_from_draft_to_progress(
    client_of: ClientOf, liv: Employee, amina: Employee, make_employee: MakeEmployee
) -> None:
    for number in range(60):
        make_employee(f"Person {number}")
    writer = client_of(liv)
    draft = send(
        writer, URL, {"title": "Storm", "body": "Hold dere inne.", "audience": EVERYONE, "asks_confirmation": True}
    )
    assert draft.status_code == 201, draft.content
    address = f"{URL}{draft.json()['id']}/"
    assert draft.json()["state"] == "draft"
    assert draft.json()["audience"]["include"] == [{"kind": "everyone"}]
    asked = send(writer, f"{address}publish/")
    assert (asked.status_code, asked.json()["state"]) == (202, "awaiting_approval")
    assert send(writer, f"{address}approve/").status_code == 403, "nobody approves their own"
    second = client_of(make_employee("Ola Moen", roles=("central_communications",)))
    sent = send(second, f"{address}approve/")
    assert (sent.status_code, sent.json()["state"]) == (202, "sending")
    deliver_all()
    reader = client_of(amina)
    shown = reader.get(address).json()
    assert (shown["title"], shown["seen_at"], shown["state"]) == ("Storm", None, "published")
    assert "audience" not in shown
    confirmed = send(reader, f"{address}acknowledge/", {"revision": 1, "language": "nb"})
    assert confirmed.json()["acknowledged_at"]
    assert send(reader, f"{address}acknowledge/").status_code == 200, "again is no error"
    progress = writer.get(f"{address}progress/").json()
    assert progress == {
        "state": "published",
        "audience": 64,
        "frozen": 64,
        "joined_later": 0,
        "left": 0,
        "active": 64,
        "delivered": 1,
        "seen": 1,
        "unseen": 63,
        "acknowledged": 1,
    }
    reminded = send(writer, f"{address}remind/", {"to": "unacknowledged"})
    assert (reminded.status_code, reminded.json()["count"]) == (202, 63)
    again = send(writer, f"{address}remind/")
    assert again.status_code == 409
    assert again["Content-Type"] == "application/problem+json"
    assert [one["id"] for one in reader.get(URL).json()["results"]] == [draft.json()["id"]]


def test_readers_neither_see_figures_nor_keep_it(
    client_of: ClientOf, liv: Employee, amina: Employee, thanh: Employee, announce: Announce, city: City
) -> None:
    sent = announce(liv, {"include": [{"kind": "unit", "id": city.alna.public_id}]})
    address = f"{URL}{sent.public_id}/"
    reader, outsider = client_of(amina), client_of(thanh)
    assert reader.get(f"{address}progress/").status_code == 403
    for verb in ("publish", "withdraw", "correct", "remind"):
        assert send(reader, f"{address}{verb}/").status_code == 403
        assert send(outsider, f"{address}{verb}/").status_code == 404
    assert outsider.get(address).status_code == 404
    assert send(outsider, f"{address}acknowledge/").status_code == 404
    assert send(reader, URL, {"title": "T", "audience": EVERYONE}).status_code == 403
    assert Client().get(URL).status_code in (401, 403)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"title": "T", "body": "B", "audience": []}, "audience"),
        ({"title": "T", "body": "B", "audience": {"include": []}}, "audience"),
        ({"title": "T", "body": "B", "audience": {"include": [{"kind": "unit", "id": "zzzzzzzzzzzz"}]}}, "audience"),
        ({"title": "T", "body": "x" * 1_000_000, "audience": EVERYONE}, "body"),
        ({"title": "T\x00", "body": "B", "audience": EVERYONE}, "title"),
        ({"title": "T", "body": "B", "audience": EVERYONE, "days_on_top": 8}, "days_on_top"),
        ({"title": "T", "body": "B", "audience": EVERYONE, "level": "shouting"}, "level"),
        ({"title": "T", "body": "B", "audience": EVERYONE, "texts": {"se": {"title": "T"}}}, "texts"),
    ],
)
def test_bad_input_is_named_at_its_field(client_of: ClientOf, liv: Employee, body: Any, field: str) -> None:
    answer = send(client_of(liv), URL, body)
    assert answer.status_code == 400, answer.content
    assert field in answer.json()["errors"]
    assert not Announcement.objects.exists()


def test_a_draft_is_changed_piece_by_piece(client_of: ClientOf, liv: Employee, amina: Employee, city: City) -> None:
    writer = client_of(liv)
    alna = {"include": [{"kind": "unit", "id": city.alna.public_id}]}
    draft = send(writer, URL, {"title": "T", "body": "B", "audience": alna}).json()
    address = f"{URL}{draft['id']}/"
    changed = send(writer, address, {"body": "Ny tekst", "texts": {"en": {"title": "E", "body": "Text"}}}, "patch")
    assert changed.json()["texts"]["nb"]["title"] == "T"
    assert set(changed.json()["texts"]) == {"nb", "en"}
    assert send(writer, f"{address}publish/").status_code == 202
    assert send(writer, address, {"body": "For sent"}, "patch").status_code == 409
    assert send(writer, f"{address}publish/").status_code == 409
    deliver_all()
    corrected = send(writer, f"{address}correct/", {"body": "Rettet", "change_note": "Tid"})
    assert corrected.json()["texts"]["nb"]["revision"] == 2
    withdrawn = send(writer, f"{address}withdraw/")
    assert (withdrawn.json()["state"], withdrawn.json()["body"]) == ("withdrawn", "")
    assert send(writer, f"{address}acknowledge/").status_code == 409


def test_the_version_to_send_along_is_read_by_who_keeps_it(
    client_of: ClientOf, liv: Employee, amina: Employee, announce: Announce
) -> None:
    writer = client_of(liv)
    draft = send(writer, URL, {"title": "T", "body": "B", "audience": EVERYONE}).json()
    address = f"{URL}{draft['id']}/"
    read = writer.get(address).json()
    assert read["audience"]["include"][0]["kind"] == "everyone"
    assert read["returned_note"] == ""
    assert send(writer, address, {"body": "Ny", "version": read["version"]}, "patch").status_code == 200
    assert send(writer, address, {"body": "Nyere", "version": read["version"]}, "patch").status_code == 409
    assert "audience" not in client_of(amina).get(f"{URL}{announce(liv).public_id}/").json()


@pytest.mark.parametrize("levels", [60, 960, 100_000])
@pytest.mark.parametrize("whole", [b"%s", b'{"audience": {"include": %s}}', b'{"texts": {"nb": %s}}'])
def test_what_is_nested_too_deep_cannot_be_read(client_of: ClientOf, liv: Employee, whole: bytes, levels: int) -> None:
    sent = whole % (b"[" * levels + b"]" * levels)
    answer = client_of(liv).post(URL, sent, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["type"] == "/problems/parse_error"
    assert not Announcement.objects.exists()


def test_secret_groups_as_terms_look_like_unknown_ones(
    client_of: ClientOf, liv: Employee, kari: Employee, make_group: MakeGroup
) -> None:
    secret = make_group("Skjult", "secret", owner=kari)
    answers = []
    for group_id in (secret.public_id, "zzzzzzzzzzzz"):
        audience = {"include": [{"kind": "group", "id": group_id}]}
        answers.append(send(client_of(liv), URL, {"title": "T", "body": "B", "audience": audience}))
    assert answers[0].status_code == answers[1].status_code == 400
    assert answers[0].content == answers[1].content
    Membership.objects.create(group=secret, employee=liv)
    member = send(client_of(liv), URL, {"title": "T", "body": "B", "audience": audience})
    assert member.status_code == 400


def test_small_audiences_have_no_figures_about_use(client_of: ClientOf, liv: Employee, announce: Announce) -> None:
    sent = announce(liv)
    progress = client_of(liv).get(f"{URL}{sent.public_id}/progress/").json()
    assert (progress["audience"], progress["seen"], progress["unseen"]) == (1, None, None)
    assert send(client_of(liv), f"{URL}{sent.public_id}/remind/").json()["count"] is None
