"""What a system says, by mistake or on purpose, must leave no account open that is shut, nor answer 500."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.clock import local_today
from directory.models import Employee, Employment
from tests.onboarding.scim import System

pytestmark = pytest.mark.django_db
IDENTITY_NUMBER = "13097248022"
OFF = {"op": "replace", "path": "active", "value": False}


def fresh(person: Employee) -> Employee:
    person.refresh_from_db()
    return person


@pytest.mark.parametrize("goes", ["active", "DELETE"])
def test_another_title_on_the_same_day_leaves_one_job_and_the_door_can_be_shut(entra: System, goes: str) -> None:
    address = f"/Users/{entra.make('kari', number='8002', title='Lege').json()['id']}"
    for title in ("Overlege", "Lege", "Sykepleier"):
        entra.patch(address, {"op": "replace", "path": "title", "value": title})
    kari = Employee.objects.get(employee_number="8002")
    assert [job.title for job in kari.employments.all()] == ["Sykepleier"]
    answer = entra.send("DELETE", address) if goes == "DELETE" else entra.patch(address, OFF)
    assert (answer.status_code, fresh(kari).is_active, kari.left_date) == (204, False, local_today())
    assert Employment.objects.filter(employee=kari).current().count() == 0


UNFIT = ['userName eq "\\u0000"', 'id eq "\\ud800"', 'externalId eq "a\x00"', 'emails.value eq "\\ud800"']
UNFIT += [
    'emails[value eq "\\u0000"]',
    'title sw "\\u0000"',
    'not (displayName eq "\\ud800")',
    'name.formatted co "\x00"',
]


@pytest.mark.parametrize("condition", UNFIT, ids=ascii)
def test_filters_that_no_text_can_meet_are_refused(entra: System, condition: str) -> None:
    entra.make("kari")
    refused = entra.find("/Users", condition)
    assert (refused.get("status"), refused.get("scimType")) == ("400", "invalidFilter")
    body = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "filter": condition}
    assert entra.send("POST", "/Users/.search", body).status_code == 400


def test_filters_of_groups_and_times_at_the_edge(entra: System) -> None:
    for said in ('members eq "\\u0000"', 'members.value eq "\\ud800"', 'members[value eq "\\u0000"]'):
        assert entra.find("/Groups", said)["scimType"] == "invalidFilter", said
    for said in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-02-31T00:00:00Z"):
        assert "status" in (answer := entra.find("/Users", f'meta.created gt "{said}"')) or "totalResults" in answer


def test_pages_beyond_all_bounds(entra: System) -> None:
    entra.make("kari")
    huge = 10**23
    for said in ({"startIndex": huge}, {"startIndex": huge, "count": huge}, {"startIndex": "9" * 5000}):
        answer = entra.find("/Users", "userName pr", **said)
        assert (answer.get("status"), answer.get("scimType")) == ("400", "invalidValue"), said
    assert entra.find("/Users", "userName pr", startIndex=-huge, count=-huge)["totalResults"] == 1
    assert entra.find("/Users", 'userName eq "kari"', count=huge)["itemsPerPage"] == 1
    assert entra.find("/Users", 'userName eq "kari"', startIndex=2**31)["itemsPerPage"] == 0


@pytest.mark.parametrize("kind", ["Users", "Groups"])
def test_addresses_that_hold_a_nul_are_of_nothing(entra: System, kind: str) -> None:
    for method in ("GET", "PUT", "DELETE"):
        assert entra.send(method, f"/{kind}/a%00b", {"userName": "x", "displayName": "x"}).status_code in {400, 404}
    assert entra.patch(f"/{kind}/a%00b", OFF).status_code in {400, 404}


@pytest.mark.parametrize("bad", ["\x00", "\ud800", IDENTITY_NUMBER, "a" * 300, "finnesikke22"], ids=ascii)
def test_members_that_cannot_be_are_refused_and_not_repeated(entra: System, bad: str) -> None:
    made = entra.send("POST", "/Groups", {"schemas": [], "displayName": "Leger"}).json()
    address = f"/Groups/{made['id']}"
    said: list[dict[str, Any]] = [
        {"op": "add", "path": "members", "value": [{"value": bad}]},
        {"op": "replace", "path": "members", "value": [{"value": bad}]},
        {"op": "add", "value": {"members": [{"value": bad}]}},
    ]
    answers = [entra.patch(address, one) for one in said]
    answers.append(entra.send("PUT", address, {"displayName": "Leger", "members": [{"value": bad}]}))
    answers.append(entra.send("POST", "/Groups", {"displayName": "X", "members": [{"value": bad}]}))
    for answer in answers:
        kinds = {"invalidValue", "invalidSyntax"} if bad == "\ud800" else {"invalidValue"}
        assert (answer.status_code, answer.json()["scimType"] in kinds) == (400, True)
        assert bad not in answer.json()["detail"]
    # Whoever cannot be there is not taken out either, and that is no fault.
    for one in ({"op": "remove", "path": "members", "value": [{"value": bad}]},):
        assert entra.patch(address, one).status_code in {204, 400}
    taken = entra.patch(address, {"op": "remove", "path": f"members[value eq {json.dumps(bad)}]"})
    assert taken.status_code in {204, 400}


def test_no_refusal_repeats_an_identity_number(entra: System) -> None:
    made = entra.make("kari", number="8002").json()
    address = f"/Users/{made['id']}"
    answers = [
        entra.make("ola", active=IDENTITY_NUMBER),
        entra.make("ola", manager=IDENTITY_NUMBER),
        entra.send("POST", "/Users", f'{{"userName": {IDENTITY_NUMBER}}}'),
        entra.send("POST", "/Users", f'{{"userName": "{IDENTITY_NUMBER}'),
        entra.patch(address, {"op": "replace", "path": IDENTITY_NUMBER, "value": 1}),
        entra.patch(address, {"op": IDENTITY_NUMBER, "path": "title", "value": "x"}),
        entra.patch(address, {"op": "add", "path": f'emails[type eq "{IDENTITY_NUMBER}', "value": "x"}),
        entra.patch(address, {"op": "replace", "path": "active", "value": IDENTITY_NUMBER}),
        entra.patch(address, {"op": "replace", "path": "emails", "value": IDENTITY_NUMBER}),
        entra.send("PUT", address, {"userName": ["x", IDENTITY_NUMBER]}),
        entra.send("GET", f"/Users/{IDENTITY_NUMBER}"),
        entra.send("GET", f"/{IDENTITY_NUMBER}"),
    ]
    for answer in answers:
        assert 400 <= answer.status_code < 500
        assert IDENTITY_NUMBER not in answer.content.decode()
    for condition in (
        IDENTITY_NUMBER,
        f'userName xx "{IDENTITY_NUMBER}"',
        f'x{IDENTITY_NUMBER} eq "{IDENTITY_NUMBER}"',
    ):
        assert IDENTITY_NUMBER not in str(entra.find("/Users", condition))
    assert IDENTITY_NUMBER not in str(entra.find("/Users", "userName pr", sortBy=IDENTITY_NUMBER))
    assert IDENTITY_NUMBER not in str(entra.find("/Users", "userName pr", startIndex=f"x{IDENTITY_NUMBER}"))


def test_a_wrong_digit_takes_over_nobody(entra: System, kari: Employee) -> None:
    refused = entra.make("roger2", number=kari.employee_number, name="Ondsinnet Annen")
    assert (refused.status_code, refused.json()["scimType"]) == (409, "uniqueness")
    assert "wholly different name" in refused.json()["detail"]
    assert kari.full_name not in refused.json()["detail"]
    assert fresh(kari).is_active
    assert entra.make("kari", number=kari.employee_number, name="Kari Nytt-Navn").status_code == 201
