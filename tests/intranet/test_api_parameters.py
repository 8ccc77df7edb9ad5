"""The API takes the query parameters its schema names, and refuses every other by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

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


def test_the_known_ones_are_named(world: World) -> None:
    sent = ask(world.client("member"), "GET", "/api/v1/employees/", query_params={"format": "xml"})
    assert "cursor, page_size, search, unit" in sent.json()["title"]  # type: ignore[attr-defined]
    head = ask(world.client("member"), "HEAD", "/api/v1/employees/", query_params={"search": "ola"})
    assert head.status_code == 200
    assert ask(world.client("member"), "OPTIONS", "/api/v1/employees/", query_params={"x": "1"}).status_code == 200
