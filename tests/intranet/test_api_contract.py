"""The API keeps what its schema says: a valid schema, problems as problem+json, cursor pages, and never a 500."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import yaml
from django.core.management import call_command
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.core.result import Ok

from core.problems import CONTENT_TYPE
from tests.intranet.access_addresses import NOBODYS_ID
from tests.intranet.access_world import World, build_world

pytestmark = pytest.mark.django_db

Operation = Any


def load_schema() -> dict[str, Any]:
    """Return the schema as the API serves it."""
    out = io.StringIO()
    call_command("spectacular", stdout=out)
    raw: dict[str, Any] = yaml.safe_load(out.getvalue())
    return raw


RAW = load_schema()
SCHEMA = schemathesis.openapi.from_dict(RAW)
FOUND = [result.ok() for result in SCHEMA.get_all_operations() if isinstance(result, Ok)]
OPERATIONS: dict[str, Operation] = {f"{each.method.upper()} {each.path}": each for each in FOUND}
WITH_ID = [name for name in OPERATIONS if "{" in name]
WITH_BODY = [name for name, each in OPERATIONS.items() if any(each.body)]
LISTS = [name.split()[1] for name in OPERATIONS if name.startswith("GET") and "{" not in name]
NOT_LISTS = {"/api/v1/me/photo/proposal/", "/api/v1/me/photo/proposal/picture/"}
NOT_LISTS |= {"/api/v1/me/", "/api/v1/notifications/counters/", "/api/v1/organisation/", "/api/v1/units/tree/"}
NOT_LISTS |= {"/api/v1/deliveries/", "/api/v1/devices/", "/api/v1/me/notification-settings/"}
# What HR keeps.
OF_HR = ("arrivals", "imports", "rules", "corrections", "photo-proposals", "invitations")
# What is bounded by itself: the wordings of one message, the units right below another, the tree of units.
IN_ONE_PIECE = [
    "/api/v1/announcements/{public_id}/history/",
    "/api/v1/announcements/{public_id}/progress/units/",
    "/api/v1/units/tree/",
]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_world()
        transaction.set_rollback(True)


def who(name: str) -> str:
    """Return the role that comes furthest in an operation."""
    if "/announcements/" in name:
        return "central"
    if any(noun in name for noun in ("/roles/", "/deliveries/", "/quiet-hours/")):
        return "admin"
    if "/arrival-tasks/" in name or (name.startswith("PATCH") and "/planned-posts/" in name):
        return "member"
    return "hr" if any(f"/v1/{noun}/" in name for noun in OF_HR) else "owner"


def ids_for(world: World, path: str) -> list[str]:
    """Return ids that an address's `{…}` may be filled with, the best first."""
    shelves: dict[str, Any] = {
        "announcements": world.announcements,
        "arrival-tasks": world.tasks,
        "arrivals": world.arrivals,
        "comments": world.comments,
        "corrections": world.corrections,
        "devices": world.devices,
        "drafts": world.groups,
        "employees": world.people,
        "groups": world.groups,
        "memberships": world.groups,
        "imports": world.runs,
        "invitations": world.groups,
        "notifications": world.notifications,
        "planned-posts": world.planned,
        "posts": world.posts,
        "reports": world.reports,
        "roles": world.grants,
        "rules": world.rules,
        "units": world.units,
    }
    return [str(each.public_id) for each in shelves[path.split("/")[3]].values()]


def fill(path: str, public_id: str) -> str:
    """Put an id into the address."""
    return path.replace("{public_id}", public_id).replace("{id}", public_id)


def ask(client: Client, method: str, path: str, **facts: Any) -> HttpResponse:
    """Send one request and take back what it did. A crash is an answer of 500, not an error of the test."""
    client.raise_request_exception = False
    with transaction.atomic():
        answer: HttpResponse = client.generic(method, path, **facts)  # type: ignore[assignment]
        transaction.set_rollback(True)
    return answer


def assert_problem(answer: HttpResponse, *statuses: int) -> None:
    """The answer is a refusal that a program can read."""
    assert answer.status_code in statuses, answer.content[:300]
    assert answer.headers["Content-Type"] == CONTENT_TYPE
    body = json.loads(answer.content)
    assert {"type", "title", "status"} <= body.keys()
    assert body["status"] == answer.status_code
    assert body["title"]


def test_schema_is_valid(tmp_path: Path) -> None:
    made_anew = "drf_spectacular.generators.SchemaGenerator"
    call_command(
        "spectacular", generator_class=made_anew, validate=True, fail_on_warn=True, file=str(tmp_path / "s.yml")
    )


def test_schema_is_served(world: World) -> None:
    answer = world.client("anonymous").get("/api/v1/schema/")
    assert answer.status_code == 200
    assert yaml.safe_load(answer.content)["paths"].keys() == RAW["paths"].keys()


@pytest.mark.parametrize("name", OPERATIONS)
def test_strangers_get_a_problem(world: World, name: str) -> None:
    method, path = name.split()
    answer = ask(world.client("anonymous"), method, fill(path, NOBODYS_ID))
    assert_problem(answer, 401)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("name", WITH_ID)
def test_unknown_ids_get_a_problem(world: World, name: str) -> None:
    method, path = name.split()
    answer = ask(world.client(who(name)), method, fill(path, NOBODYS_ID), data="{}", content_type="application/json")
    assert_problem(answer, 404)


@pytest.mark.parametrize("name", WITH_BODY)
def test_broken_bodies_get_a_problem(world: World, name: str) -> None:
    method, path = name.split()
    client = world.client(who(name))
    for public_id in ids_for(world, path)[:1] if "{" in path else [""]:
        address = fill(path, public_id)
        for broken in ('{"a": ', "null", "[]"):
            assert_problem(ask(client, method, address, data=broken, content_type="application/json"), 400, 403, 415)
        assert_problem(ask(client, method, address, data="<a/>", content_type="text/xml"), 403, 415)


@pytest.mark.parametrize("path", sorted(RAW["paths"]))
def test_wrong_methods_get_a_problem(world: World, path: str) -> None:
    unknown = {"GET", "POST", "PUT", "PATCH", "DELETE"} - {method.upper() for method in RAW["paths"][path]}
    for method in sorted(unknown):
        assert_problem(ask(world.client("member"), method, fill(path, NOBODYS_ID)), 405)


@pytest.mark.parametrize("path", [path for path in LISTS if path not in NOT_LISTS])
def test_lists_are_cursor_pages(world: World, path: str) -> None:
    client = world.client(who(f"GET {path}"))
    page = client.get(path, {"page_size": 1}).json()
    assert {"next", "results"} <= page.keys()
    assert "count" not in page
    assert len(page["results"]) >= 1 or "notifications" in path
    if page["next"]:
        assert "cursor=" in page["next"]
        following = client.get(page["next"]).json()
        assert following["results"] != page["results"]
    assert client.get(path, {"cursor": "made-up"}).status_code in (200, 404)
    assert client.get(path, {"page_size": "-1"}).status_code == 200


def test_lists_are_told_as_pages() -> None:
    plain = []
    for path, operations in RAW["paths"].items():
        for answer in operations.get("get", {}).get("responses", {}).values():
            told = answer.get("content", {}).get("application/json", {}).get("schema", {})
            plain += [path] if told.get("type") == "array" else []
    assert sorted(plain) == IN_ONE_PIECE


@pytest.mark.parametrize("path", ["/api/v1/not/here/", "/api/", "/api/v1/notifications/æ/read/"])
def test_addresses_that_are_not_there_get_a_problem(world: World, path: str) -> None:
    assert_problem(ask(world.client("member"), "GET", path), 404)


@pytest.mark.parametrize("name", OPERATIONS)
def test_nothing_sent_makes_it_fail(world: World, name: str) -> None:
    operation, role = OPERATIONS[name], who(name)
    ids = [*ids_for(world, operation.path), NOBODYS_ID, "%00", "æ"] if "{" in operation.path else [""]
    modes = [operation.as_strategy()]
    if any(operation.body) or len(operation.query):
        modes.append(operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE))

    @settings(
        max_examples=6,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=st.one_of(modes), public_id=st.sampled_from(ids), hit=st.booleans())
    def try_one(case: Any, public_id: str, hit: bool) -> None:
        path = fill(operation.path, public_id)
        answer = ask(world.client(role), operation.method.upper(), path, **_sent(world, case, hit))
        assert answer.status_code < 500, (answer.status_code, path, case.query, case.body)
        if answer.status_code >= 400:
            assert_problem(answer, answer.status_code)

    try_one()


def _sent(world: World, case: Any, hit: bool) -> dict[str, Any]:
    """Put the case into the test client's words; `hit` fills in ids that exist, to come further."""
    facts: dict[str, Any] = {}
    if isinstance(case.query, dict) and case.query:
        facts["query_params"] = {str(name): _plain(value) for name, value in case.query.items()}
    if not _is_json(case.body):  # nothing to send, or files
        return facts
    body = case.body
    if hit and isinstance(body, dict):
        known = {"group": world.groups["open"].public_id, "groups": [world.groups["open"].public_id]}
        audience = {"include": [{"kind": "group", "id": world.groups["open"].public_id}], "exclude": []}
        known |= {"audience": audience, "page_size": 2}
        body = {name: known.get(name, value) for name, value in body.items()}
    return facts | {"data": json.dumps(body), "content_type": "application/json"}


def _is_json(value: Any) -> bool:
    try:
        json.dumps(value)
    except (TypeError, ValueError):
        return False
    return True


def _plain(value: Any) -> Any:
    return [str(each) for each in value] if isinstance(value, list) else str(value)
