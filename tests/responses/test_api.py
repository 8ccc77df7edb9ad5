"""The API of answers, as programs use it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from directory.models import Employee
from responses.models import AnswerForm, Need
from tests.conftest import City, MakeEmployee
from tests.responses.conftest import Ask, ClientOf, in_days

pytestmark = pytest.mark.django_db


def base(form: AnswerForm) -> str:
    return f"/api/v1/announcements/{form.announcement.public_id}/answer-form/"


def send(client: Client, address: str, body: Any = None, method: str = "post", status: int = 200) -> Any:
    answer = getattr(client, method)(address, body or {}, content_type="application/json")
    assert answer.status_code == status, answer.content
    return answer.json() if answer.content else None


def test_what_a_service_needs_from_asking_to_done(
    city: City, ask: Ask, client_of: ClientOf, liv: Employee, kari: Employee, amina: Employee, thanh: Employee
) -> None:
    city.west.leader = kari
    city.west.save()
    form = ask(liv, level="section")
    keeper, leader, colleague, url = client_of(liv), client_of(kari), client_of(amina), base(form)
    body = {"unit": city.west.public_id, "kind": "people", "what": "Nattevakter", "quantity": 2, "urgency": 1}
    need = send(leader, f"{url}needs/", body, status=201)
    assert (need["state"], need["unit"]["name"]) == ("open", "Alna vest")
    assert send(leader, f"{url}needs/", body | {"quantity": 3})["id"] == need["id"]
    assert send(colleague, f"{url}needs/", body, status=400)["type"] == "/problems/not_answerer"
    taken = send(keeper, f"{url}needs/take/", {"need": need["id"], "reply": "Kommer"})
    assert (taken["state"], taken["taken_by"]["name"]) == ("taken", "Liv Aune")
    assert send(keeper, f"{url}needs/take/", {"need": need["id"]}, status=409)
    seen = leader.get(url).json()
    assert [(each["what"], each["state"], each["reply"]) for each in seen["needs"]] == [
        ("Nattevakter", "taken", "Kommer")
    ]
    assert seen["counts"] is None
    hers = colleague.get(url).json()
    assert (hers["needs"], hers["services"][0]["answerer"], hers["counts"]) == ([], None, None)
    assert hers["services"][0]["answered_at"]
    assert send(keeper, f"{url}needs/done/", {"need": need["id"]})["state"] == "done"
    assert send(keeper, f"{url}needs/reopen/", {"need": need["id"]})["state"] == "open"
    listed = keeper.get(f"{url}needs/?state=open").json()
    assert [each["id"] for each in listed["results"]] == [need["id"]]
    assert keeper.get(f"{url}needs/?state=done").json()["results"] == []
    assert keeper.get(f"{url}needs/?agency={city.water.public_id}").json()["results"] == []
    assert leader.get(f"{url}needs/").status_code == 403
    other = send(leader, f"{url}needs/", body | {"what": "Vakter om natten"}, status=201)
    merged = {"need": other["id"], "into": need["id"]}
    assert send(keeper, f"{url}needs/merge/", merged)["id"] == need["id"]
    assert send(keeper, f"{url}needs/split/", {"need": other["id"]})["merged_into"] is None
    send(leader, f"{url}needs/take-back/", {"need": other["id"]}, status=204)
    assert Need.objects.count() == 1
    named = {"unit": city.west.public_id, "employee": amina.public_id}
    assert send(leader, f"{url}answerer/", named)["services"][0]["answerer"] == "Amina Hassan"
    assert send(client_of(thanh), f"{url}answerer/", named, status=403)
    assert send(colleague, f"{url}finish/", {"unit": city.west.public_id})["services"][0]["may_answer"]
    assert send(keeper, f"{url}close/")["stop"] == "closed"
    assert send(keeper, f"{url}reopen/", {"deadline_at": in_days(2).isoformat()})["stop"] == ""


def test_volunteers_from_signing_up_to_assigned(
    ask: Ask, client_of: ClientOf, liv: Employee, kari: Employee, amina: Employee, make_employee: MakeEmployee
) -> None:
    hidden = make_employee("Nora Skjult", protected=True)
    form = ask(liv, "volunteers", places=2)
    keeper, volunteer, url = client_of(liv), client_of(amina), base(form)
    assert send(volunteer, f"{url}sign-up/", {"note": "Somali"}, status=201)["state"] == "signed_up"
    send(client_of(hidden), f"{url}sign-up/", status=201)
    assert send(client_of(kari), f"{url}sign-up/", status=201)["state"] == "waiting"
    seen = volunteer.get(url).json()
    assert (seen["sign_up"]["state"], seen["counts"]) == ("signed_up", None)
    assert volunteer.get(f"{url}sign-ups/").status_code == 403
    listed = keeper.get(f"{url}sign-ups/").json()["results"]
    assert {each["employee"]["name"] for each in listed} == {"Amina Hassan", "Kari Nordby"}, "no protected people"
    [hers] = keeper.get(f"{url}sign-ups/?state=signed_up").json()["results"]
    assert send(keeper, f"{url}sign-ups/assign/", {"sign_up": hers["id"]})["state"] == "asked"
    assert volunteer.get(f"{url}my-people/").status_code == 404
    [asked] = client_of(kari).get(f"{url}my-people/").json()["results"]
    assert "note" not in asked
    word = {"sign_up": asked["id"], "approve": True}
    assert send(client_of(kari), f"{url}my-people/", word)["state"] == "assigned"
    assert send(volunteer, f"{url}my-people/", word, status=404)
    file = keeper.get(f"{url}export/")
    assert "Amina Hassan" in b"".join(file.streaming_content).decode()  # type: ignore[attr-defined]
    send(volunteer, f"{url}sign-up/", method="delete", status=204)
    assert client_of(kari).get(url).json()["sign_up"]["state"] == "signed_up"


def test_the_author_of_a_draft_asks(ask: Ask, client_of: ClientOf, liv: Employee, amina: Employee) -> None:
    form = ask(liv, sent=False)
    keeper, url = client_of(liv), base(form)
    body = {"kind": "volunteers", "deadline_at": in_days(2).isoformat(), "places": 3}
    assert send(keeper, url, body, "put")["places"] == 3
    assert send(keeper, url, body | {"places": 0}, "put", 400)["errors"]["places"]
    assert send(keeper, url, body | {"deadline_at": in_days(-2).isoformat()}, "put", 400)["errors"]["deadline_at"]
    assert client_of(amina).get(url).status_code == 404
    send(keeper, url, method="delete", status=204)
    assert keeper.get(url).status_code == 404
