"""A real client, and the conformance tester, against a running server."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from scim2_models import EnterpriseUser, Name, User
from scim2_tester import CheckResult, Status, check_server

from directory.models import Employee
from tests.onboarding.scim import ROOT, HttpClient, connect

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
# All 112 checks are 800 requests. SCIM_CHECKS=all runs them; else what the service says of itself, people put and let
# go of, and members taken out of groups: what is made and read on the way is not made and read for its own sake too.
WHOLE = os.environ.get("SCIM_CHECKS") == "all"
QUICK = {"User": {"discovery", "misc", "crud:update", "crud:delete"}, "Group": {"patch:remove"}}


@pytest.fixture
def client(live_server: Any, admin: Employee) -> Iterator[HttpClient]:
    system = connect(admin)
    client = HttpClient(live_server.url + ROOT, system.key)
    yield client
    client.session.close()


def failed(results: list[CheckResult]) -> list[str]:
    passed = (Status.SUCCESS, Status.COMPLIANT, Status.ACCEPTABLE, Status.SKIPPED)
    return [f"{one.resource_type} {one.title}: {one.reason}" for one in results if one.status not in passed]


def test_the_conformance_tester_finds_no_fault(client: HttpClient) -> None:
    if WHOLE:
        results = check_server(client)
    else:
        results = []
        for kind, checks in QUICK.items():
            results += check_server(client, include_tags=checks, resource_types=[kind])
    assert failed(results) == []
    count = sum(one.status == Status.SUCCESS for one in results)
    print(f"{count} of {len(results)} checks succeeded")
    assert count >= (112 if WHOLE else 30)


def test_a_real_client_provisions_somebody(client: HttpClient) -> None:
    client.discover()
    person_model, group_model = client.get_resource_model("User"), client.get_resource_model("Group")
    assert person_model
    assert group_model
    told = User[EnterpriseUser](user_name="kari@oslo.example", active=True)
    told.name = Name(given_name="Kari", family_name="Lien")
    told[EnterpriseUser] = EnterpriseUser(employee_number="8002", department="BAL-01-01")
    made: Any = client.create(person_model.model_validate(told.model_dump()))
    group: Any = client.create(
        group_model.model_validate({"displayName": "Sykepleiere", "members": [{"value": made.id}]})
    )
    kari = Employee.objects.get(employee_number="8002")
    assert (kari.full_name, kari.is_active) == ("Kari Lien", True)
    found: Any = client.query(group_model, group.id)
    assert [one.value for one in found.members] == [made.id]
    made.active = False
    client.replace(made)
    kari.refresh_from_db()
    assert kari.is_active is False
    client.delete(group_model, group.id)
    client.delete(person_model, made.id)
