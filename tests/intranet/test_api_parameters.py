"""The API takes the query parameters its schema names, and refuses every other by name."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.db import transaction

from tests.intranet.access_world import World, build_world
from tests.intranet.test_api_contract import OPERATIONS, ask, assert_problem, fill, ids_for, who

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_world()
        transaction.set_rollback(True)


@pytest.mark.parametrize("name", OPERATIONS)
def test_unknown_parameters_are_refused_by_name(world: World, name: str) -> None:
    method, path = name.split()
    address = fill(path, ids_for(world, path)[0] if "{" in path else "")
    sent = ask(world.client(who(name)), method, address, query_params={"serach": "ola"})
    assert_problem(sent, 400)
    body = sent.json()  # type: ignore[attr-defined]
    assert body["type"] == "/problems/unknown-parameter"
    assert list(body["errors"]) == ["serach"]
    assert "«serach»" in body["title"]


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_parameter_of_the_schema_is_taken(world: World, name: str) -> None:
    operation = OPERATIONS[name]
    for parameter in operation.query:
        method, path = name.split()
        sent = ask(world.client(who(name)), method, fill(path, ""), query_params={parameter.name: "x"})
        assert b"unknown-parameter" not in sent.content


def test_a_cursor_that_somebody_made_up_breaks_nothing(world: World) -> None:
    """What no JSON reader, no calendar and no database takes: 404 or the first page, in every list and on screens."""
    far, never = "2026-01-01T00:00:00+23:59:59.999999", "0001-01-01T00:00:00+14:00"
    made_up = ["[" * 2500, f'["{far}",1,""]', f'["{far}",1]', f'["{never}",1]', '["2026-01-01T00:00:00Z",1e999]']
    cursors = [base64.urlsafe_b64encode(text.encode()).decode() for text in (*made_up, "p=x", "p=\0", "p=1" + "0" * 99)]
    lists = [name.split()[1] for name in OPERATIONS if any(one.name == "cursor" for one in OPERATIONS[name].query)]
    assert len(lists) > 10
    for path in lists:
        for cursor in cursors:
            sent = ask(world.client("member"), "GET", fill(path, ""), query_params={"cursor": cursor})
            assert sent.status_code < 500, (path, cursor)
    member = world.client("member")
    for address in ("/posts/saved/?cursor=", "/notifications/?before=", "/feed/new-count/?since="):
        for value in (*cursors, far, never):
            assert member.get(f"{address}{quote(value)}").status_code < 500


def test_the_known_ones_are_named(world: World) -> None:
    sent = ask(world.client("member"), "GET", "/api/v1/employees/", query_params={"format": "xml"})
    assert "cursor, page_size, search, unit" in sent.json()["title"]  # type: ignore[attr-defined]
    head = ask(world.client("member"), "HEAD", "/api/v1/employees/", query_params={"search": "ola"})
    assert head.status_code == 200
    assert ask(world.client("member"), "OPTIONS", "/api/v1/employees/", query_params={"x": "1"}).status_code == 200
