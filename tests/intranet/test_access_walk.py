"""Every address, every method, every role: what each gets is decided in `access_table.txt`, and nothing else happens.

A route that is not in the table fails, so a new one has to be decided. Nothing a role does stays: each request runs
in a savepoint that is rolled back.
"""

from __future__ import annotations

import json
import pickle
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.http import HttpResponseBase
from django.test.utils import CaptureQueriesContext

from core.clock import local_today
from directory.authentication import EmployeeBackend
from directory.models import Employee
from tests.intranet.access_addresses import address_of, body_of, every_route
from tests.intranet.access_world import NOBODY, ROLES, World, build_world

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

TABLE = Path(__file__).with_name("access_table.txt")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Decision:
    """One line of the table: what each role is answered."""

    route: str
    target: str
    method: str
    answers: dict[str, int]


def read_table() -> dict[str, list[Decision]]:
    """Read the decisions by route. `404 200:member,owner` is 404 for all who signed in but these two.

    Without `…:nobody`, those who have not signed in are sent to sign in: 302, or 401 in the API.
    """
    decisions: dict[str, list[Decision]] = defaultdict(list)
    for line in TABLE.read_text().splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        route, target, method, usual, *others = line.split()
        answers = dict.fromkeys(ROLES, int(usual))
        answers |= dict.fromkeys(NOBODY, 401 if route.startswith("api_") else 302)
        for other in others:
            status, names = other.split(":")
            for name in names.split(","):
                answers |= dict.fromkeys(NOBODY if name == "nobody" else [name], int(status))
        decisions[route].append(Decision(route, target, method, answers))
    return decisions


DECIDED = read_table()


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """One city for the whole walk, forgotten afterwards.

    It is stored, not held in an open transaction: what thousands of requests leave dead there is never cleaned up, and
    every later one reads past it.
    """
    with django_db_blocker.unblock():
        with transaction.atomic():
            built = build_world()
        yield built
        call_command("flush", interactive=False, verbosity=0, reset_sequences=False)


@pytest.fixture
def known_people(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read who signed in from the database once, and not for every request: none of them leaves anything changed."""
    read = EmployeeBackend.get_user

    def get_user(backend: EmployeeBackend, user_id: int) -> Employee | None:
        if user_id not in world.known:
            world.known[user_id] = pickle.dumps(read(backend, user_id))
        employee: Employee | None = pickle.loads(world.known[user_id])
        return employee

    monkeypatch.setattr(EmployeeBackend, "get_user", get_user)


def knock(world: World, role: str, decision: Decision, **headers: str) -> HttpResponseBase:
    """Ask once as the role, and take back whatever it did."""
    address = address_of(world, decision.route, decision.target)
    facts: dict[str, Any] = {"headers": headers}
    if decision.method != "GET":
        body = body_of(world, decision.route, decision.target, decision.method)
        facts["data"] = body
        if address.startswith("/api/") and decision.route != "api_imports":
            facts |= {"data": json.dumps(body), "content_type": "application/json"}
    with transaction.atomic():
        answer: HttpResponseBase = getattr(world.client(role), decision.method.lower())(address, **facts)
        if answer.streaming:
            b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # to its end, which closes the file
        transaction.set_rollback(True)
    return answer


def test_every_route_is_decided_and_every_decision_has_a_route() -> None:
    assert sorted(set(every_route()) - set(DECIDED)) == [], "decide these in access_table.txt"
    assert sorted(set(DECIDED) - set(every_route())) == [], "no longer there"


@pytest.mark.usefixtures("known_people")
@pytest.mark.parametrize("route", sorted(every_route()))
def test_everyone_gets_what_was_decided(world: World, route: str) -> None:
    wrong = []
    for decision in DECIDED[route]:
        for role, expected in decision.answers.items():
            status = knock(world, role, decision).status_code
            if status != expected:
                wrong.append(f"{route} {decision.target} {decision.method} {role}: {status}, decided {expected}")
    assert wrong == []


@pytest.mark.parametrize("route", sorted(every_route()))
def test_what_is_not_decided_is_not_allowed(world: World, route: str) -> None:
    methods = METHODS if route.startswith("api_") else ("GET", "POST")
    target = DECIDED[route][0].target
    for method in set(methods) - {decision.method for decision in DECIDED[route]}:
        for role in ("member", "admin"):
            assert knock(world, role, Decision(route, target, method, {})).status_code == 405, (method, role)


def names_a_secret(decision: Decision) -> bool:
    """Whether the line is about something in the secret group that an outsider has an address to."""
    return decision.target == "secret" and decision.route != "undo_leaving"


SECRETS = [decision for decisions in DECIDED.values() for decision in decisions if names_a_secret(decision)]


@pytest.mark.parametrize("decision", SECRETS, ids=lambda each: f"{each.route}-{each.method}")
@pytest.mark.parametrize("role", ["outsider", "admin", "central"])
def test_a_secret_and_nothing_are_the_same(world: World, decision: Decision, role: str) -> None:
    assert decision.answers[role] in (403, 404)
    unknown = Decision(decision.route, "unknown", decision.method, {})
    knock(world, role, unknown)  # what is loaded once is loaded now
    with CaptureQueriesContext(connection) as of_secret:
        secret = knock(world, role, decision)
    with CaptureQueriesContext(connection) as of_nothing:
        nothing = knock(world, role, unknown)
    assert secret.status_code == nothing.status_code == decision.answers[role]
    addresses = [address_of(world, each.route, each.target) for each in (decision, unknown)]
    assert said(secret, addresses[0]) == said(nothing, addresses[1])
    assert len(of_secret) == len(of_nothing)


def said(answer: HttpResponseBase, address: str) -> str:
    """Return what the answer says, without secrets, the moment and the address that was asked."""
    text = getattr(answer, "content", b"").decode().replace(address, "")
    return re.sub(r"[A-Za-z0-9]{64}|\b[0-9]{13}\b", "", text)


API = [decision for route, decisions in DECIDED.items() if route.startswith("api_") for decision in decisions]


@pytest.mark.parametrize("decision", API, ids=lambda each: f"{each.route}-{each.target}-{each.method}")
def test_a_token_is_never_more_than_its_person(world: World, decision: Decision) -> None:
    bearer = {"authorization": f"Bearer {world.tokens['member']}"}
    assert knock(world, "anonymous", decision, **bearer).status_code == decision.answers["member"]
    ended = {"authorization": f"Bearer {world.tokens['leaver']}"}
    expected = 401 if decision.answers["leaver"] == 401 else decision.answers["leaver"]
    assert knock(world, "anonymous", decision, **ended).status_code in (401, expected)


@pytest.mark.parametrize("route", ["home", "groups", "search", "notifications", "people", "announcements"])
def test_lists_tell_outsiders_nothing_of_the_secret(world: World, route: str) -> None:
    address = address_of(world, route, "-")
    group = world.groups["secret"]
    told = [group.public_id, group.name, world.posts["secret"].public_id, world.announcements["secret"].public_id]
    for role in ("outsider", "former", "leader", "hr", "admin", "central", "agency_admin"):
        page = world.client(role).get(address, {"q": "secret", "show": "all"}).content.decode()
        shown = page.replace('value="secret"', "").replace("«secret»", "")
        assert [secret for secret in told if secret in shown] == [], role
    page = world.client("member").get(reverse_of("groups")).content.decode()
    assert group.name in page


def reverse_of(route: str) -> str:
    """The address of a route without parameters."""
    return address_of(World(), route, "-")


def test_a_leavers_open_session_ends_at_once(world: World) -> None:
    with transaction.atomic():
        assert world.client("steward").get("/").status_code == 200
        Employee.objects.filter(username="steward").update(is_active=False, left_date=local_today())
        assert world.client("steward").get("/").status_code == 302
        transaction.set_rollback(True)
