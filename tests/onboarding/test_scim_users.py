"""People as an identity system tells of them: made, changed, shut and found; and what is refused."""

from __future__ import annotations

import pytest

from directory.models import Employee, Employment, FactChange, OrgUnit
from onboarding.models import ScimClient, ScimUser
from onboarding.scim.actions import close_client, create_client, let_in_again, make_key, revoke_key
from tests.conftest import City, MakeEmployee
from tests.onboarding.scim import ENTERPRISE, ROOT, System, connect, user

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(make_employee: MakeEmployee) -> Employee:
    return make_employee("Ada Min", roles=("admin",))


@pytest.fixture
def entra(admin: Employee) -> System:
    return connect(admin)


def test_a_person_comes_moves_and_goes(entra: System, city: City) -> None:
    leader = entra.make("berit@oslo.example", name="Berit Moen", email="berit@oslo.example", number="8001").json()
    told = {"number": "8002", "department": "Alna vest", "title": "Sykepleier", "email": "kari@oslo.example"}
    made = entra.make("Kari@oslo.example", name="Kari Lien", manager=leader["id"], **told)
    assert (made.status_code, made.headers["ETag"]) == (201, 'W/"1"')
    kari = Employee.objects.get(employee_number="8002")
    job = kari.primary_employment
    assert job
    assert (kari.full_name, kari.email, kari.is_active) == ("Kari Lien", "kari@oslo.example", True)
    assert (job.title, job.unit, job.source) == ("Sykepleier", city.west, "scim")
    assert job.manager and job.manager.employee_number == "8001"
    address = f"/Users/{made.json()['id']}"

    moved = entra.patch(address, {"op": "Replace", "path": f"{ENTERPRISE}:department", "value": "BAL-01-02"})
    assert moved.status_code == 204
    kari.refresh_from_db()
    assert kari.primary_employment and kari.primary_employment.unit == city.east
    changes = FactChange.objects.filter(employee=kari, source="scim")
    assert {change.current for change in changes if change.fact == "job"} >= {"Sykepleier, Alna øst"}

    shut = entra.patch(address, {"op": "Replace", "path": "active", "value": "False"})
    kari.refresh_from_db()
    assert (shut.status_code, kari.is_active, kari.sessions_ended) == (204, False, 1)
    again = entra.patch(address, {"op": "replace", "value": {"active": True}})
    kari.refresh_from_db()
    assert (again.status_code, kari.is_active) == (204, True)
    assert entra.send("DELETE", address).status_code == 204
    kari.refresh_from_db()
    assert (kari.is_active, entra.send("GET", address).status_code) == (False, 404)
    assert Employment.objects.current().filter(employee=kari).count() == 0
