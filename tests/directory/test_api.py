from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from directory.models import Employee, HouseRulesAcceptance
from tests.conftest import City, MakeEmployee

ClientOf = Callable[[Employee], Client]
Refresh = Callable[[], None]


def test_me(amina: Employee, client_of: ClientOf) -> None:
    me = client_of(amina).get("/api/v1/me/").json()
    assert (me["id"], me["name"], me["roles"], me["house_rules_accepted"]) == (
        amina.public_id,
        "Amina Hassan",
        [],
        True,
    )
    assert (me["job"]["title"], me["job"]["unit"]["code"], me["job"]["agency"]["code"]) == (
        "Helsefagarbeider",
        "BAL-01-01",
        "BAL",
    )
    HouseRulesAcceptance.objects.all().delete()
    assert client_of(amina).get("/api/v1/me/").json()["house_rules_accepted"] is False


def test_change_me(amina: Employee, client_of: ClientOf) -> None:
    facts = {"about": "Hei", "ask_me_about": ["Sårstell"], "language": "nn", "text_size": 112, "first_name": "Sjef"}
    answer = client_of(amina).patch("/api/v1/me/", facts, content_type="application/json")
    assert answer.status_code == 200
    me = answer.json()
    assert [me[name] for name in facts] == ["Hei", ["Sårstell"], "nn", 112, "Amina"]


@pytest.mark.parametrize(
    "facts",
    [
        {"about": "x" * 1001},
        {"about": "a\x00b"},
        {"about": "\ud800"},
        {"ask_me_about": "ikke en liste"},
        {"language": "tlh"},
        {"text_size": 13},
        {"mobile_seen_by": "kanskje"},
    ],
)
def test_what_cannot_be_taken_is_a_problem(facts: dict[str, object], amina: Employee, client_of: ClientOf) -> None:
    answer = client_of(amina).patch("/api/v1/me/", facts, content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    amina.refresh_from_db()
    assert (amina.about, amina.language) == ("", "")


def test_a_chosen_name_is_for_protected_people(amina: Employee, client_of: ClientOf) -> None:
    answer = client_of(amina).patch("/api/v1/me/", {"chosen_name": "Sjef"}, content_type="application/json")
    assert answer.status_code == 403


def test_colleagues_in_pages_by_name(amina: Employee, make_employee: MakeEmployee, client_of: ClientOf) -> None:
    for name in ("Åse Ås", "Ola Ørn", "Zoe Zahl"):
        make_employee(name)
    client, url, names = client_of(amina), "/api/v1/employees/?page_size=2", []
    while url:
        page = client.get(url).json()
        names += [person["name"] for person in page["results"]]
        url = page["next"]
    assert names == ["Amina Hassan", "Kari Nordby", "Zoe Zahl", "Ola Ørn", "Åse Ås"]


def test_search_and_unit(
    amina: Employee, thanh: Employee, city: City, client_of: ClientOf, found_by_search: Refresh
) -> None:
    found_by_search()
    client = client_of(amina)

    def names(query: str) -> list[str]:
        return [person["name"] for person in client.get(f"/api/v1/employees/?{query}").json()["results"]]

    assert names("search=nguyen+thanh") == ["Thanh Nguyen"]
    assert names(f"unit={city.alna.public_id}") == ["Amina Hassan", "Kari Nordby"]
    assert names(f"unit={city.alna.public_id}&search=thanh") == []
    assert client.get("/api/v1/employees/?unit=finnesikke").status_code == 404
    assert client.get("/api/v1/employees/?search=%00").status_code == 200
    assert client.get("/api/v1/employees/?cursor=tull").status_code == 404


def test_one_colleague(amina: Employee, thanh: Employee, client_of: ClientOf) -> None:
    person = client_of(amina).get(f"/api/v1/employees/{thanh.public_id}/").json()
    assert (person["id"], person["job"]["title"], person["url"]) == (
        thanh.public_id,
        "Renholdsleder",
        f"/people/{thanh.public_id}/",
    )
    missing = client_of(amina).get("/api/v1/employees/finnesikke/")
    assert (missing.status_code, missing["Content-Type"]) == (404, "application/problem+json")


def test_units(amina: Employee, city: City, client_of: ClientOf) -> None:
    client = client_of(amina)
    west = client.get(f"/api/v1/units/{city.west.public_id}/").json()
    assert (west["name"], west["parent"], west["agency"]["code"]) == ("Alna vest", city.home_care.public_id, "BAL")
    codes = [unit["code"] for unit in client.get("/api/v1/units/").json()["results"]]
    assert codes == ["OSLO", "BAL", "VAV", "BAL-01", "BAL-01-01", "BAL-01-02"]
    tree = client.get("/api/v1/units/tree/").json()
    assert [(node["code"], node["parent"]) for node in tree][:2] == [("OSLO", None), ("BAL", city.whole.public_id)]


@pytest.mark.parametrize("url", ["/api/v1/me/", "/api/v1/employees/", "/api/v1/units/", "/api/v1/units/tree/"])
def test_nobody_outside(url: str, db: None) -> None:
    assert Client().get(url).status_code in (401, 403)


def test_the_queries_do_not_grow(amina: Employee, make_employee: MakeEmployee, client_of: ClientOf) -> None:
    client, counts = client_of(amina), []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get("/api/v1/employees/")
        counts.append(len(queries))
        for number in range(20):
            make_employee(f"Kollega {number}", email=None)
    assert counts[0] == counts[1]
