from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from core.registry import Registry
from core.search import Hit, SearchSource, sources
from directory.actions import refresh_people
from directory.models import Employee

ClientOf = Callable[[Employee], Client]


@pytest.fixture(autouse=True)
def everyone(amina: Employee, kari: Employee, thanh: Employee) -> None:
    refresh_people([amina.pk, kari.pk, thanh.pk])


@pytest.fixture
def only_these(monkeypatch: pytest.MonkeyPatch) -> Registry[SearchSource]:
    """Sources of the test's own, beside that of people."""
    kept = {name: source for name, source in sources.items() if name == "people"}
    monkeypatch.setattr(sources, "_items", kept)
    return sources


def hits_on(answer: object) -> list[str]:
    return [hit.title for group in answer.context["found"] for hit in group.hits]  # type: ignore[attr-defined]


def test_the_empty_page_asks_what_one_looks_for(amina: Employee, client_of: ClientOf) -> None:
    answer = client_of(amina).get("/search/")
    assert answer.status_code == 200
    assert hits_on(answer) == []


@pytest.mark.parametrize("text", ["kari", "NORDBY kari", "nordbi"])
def test_people_are_found_however_they_are_spelt(text: str, amina: Employee, client_of: ClientOf) -> None:
    answer = client_of(amina).get("/search/", {"q": text, "in": "people"})
    assert hits_on(answer) == ["Kari Nordby"]


@pytest.mark.parametrize("text", ["", "k", "  ", "\x00", "%", "_", "'; drop table", "x" * 5000])
def test_odd_texts_do_no_harm(text: str, amina: Employee, client_of: ClientOf) -> None:
    answer = client_of(amina).get("/search/", {"q": text, "in": "people"})
    assert (answer.status_code, hits_on(answer)) == (200, [])


def test_an_unknown_kind_means_all(amina: Employee, client_of: ClientOf) -> None:
    assert client_of(amina).get("/search/?q=kari&in=finnesikke").context["kind"] == ""


def test_each_kind_has_its_tab_and_shows_more_alone(
    only_these: Registry[SearchSource], amina: Employee, client_of: ClientOf
) -> None:
    def find(employee: Employee, text: str, limit: int) -> list[Hit]:
        return [Hit(f"Ting {number}", url="/") for number in range(8)][:limit]

    only_these.add("things", SearchSource("things", 5, "Ting", find))
    client = client_of(amina)
    together = client.get("/search/?q=kari")
    assert [(tab.name, tab.active) for tab in together.context["tabs"]] == [
        ("Alt", True),
        ("Ting", False),
        ("Kolleger", False),
    ]
    things, people = together.context["found"]
    assert (len(things.hits), things.more_url, people.more_url) == (5, "/search/?q=kari&in=things", "")
    alone = client.get(things.more_url)
    assert len(hits_on(alone)) == 8


def test_a_source_that_fails_hides_nothing_else(
    only_these: Registry[SearchSource], amina: Employee, client_of: ClientOf
) -> None:
    def fail(employee: Employee, text: str, limit: int) -> list[Hit]:
        raise ValueError("broken")

    only_these.add("broken", SearchSource("broken", 1, "Ødelagt", fail))
    assert hits_on(client_of(amina).get("/search/?q=kari")) == ["Kari Nordby"]


def test_typing_fetches_only_the_hits(amina: Employee, client_of: ClientOf) -> None:
    answer = client_of(amina).get("/search/?q=kari", headers={"HX-Request": "true"})
    assert "<html" not in answer.content.decode()
    assert answer["HX-Replace-Url"] == "/search/?q=kari"


def test_nothing_found_says_what_to_try(amina: Employee, client_of: ClientOf) -> None:
    assert "Vi fant ingenting for «qqqqxx»" in client_of(amina).get("/search/?q=qqqqxx").content.decode()
