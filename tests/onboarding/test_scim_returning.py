"""Who comes back, and who may say so: no system opens what another has shut, and no address makes a leaver return."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from core.clock import local_today
from directory.actions import refresh_people
from directory.models import Employee, Employment
from directory.people import forget_profiles
from directory.tasks import DAYS_PROFILE_IS_KEPT
from onboarding.models import ScimUser
from onboarding.scim.actions import let_in_again
from tests.conftest import City, MakeEmployee
from tests.onboarding.scim import System, connect, user

pytestmark = pytest.mark.django_db
OFF = {"op": "replace", "path": "active", "value": False}
ON = {"op": "replace", "path": "active", "value": True}


def fresh(person: Employee) -> Employee:
    person.refresh_from_db()
    return person


@pytest.fixture
def okta(admin: Employee) -> System:
    return connect(admin, name="Okta")


@pytest.mark.parametrize("goes", ["active", "DELETE"])
def test_what_one_system_has_shut_another_does_not_open(
    entra: System, okta: System, make_employee: MakeEmployee, city: City, goes: str
) -> None:
    kari = make_employee("Kari Lien", unit=city.west)
    told = {"name": "Kari Lien", "number": kari.employee_number, "externalId": "A-1"}
    first, second = (f"/Users/{system.make('kari', **told).json()['id']}" for system in (entra, okta))
    entra.send("DELETE", first) if goes == "DELETE" else entra.patch(first, OFF)
    assert not fresh(kari).is_active
    # Nothing that the other says opens it: a change, off and on, leaving and coming anew.
    okta.patch(second, {"op": "replace", "path": "title", "value": "Lege"})
    okta.patch(second, OFF)
    okta.patch(second, ON)
    assert not fresh(kari).is_active
    okta.send("DELETE", second)
    assert okta.make("kari", **told).status_code == 201
    assert not fresh(kari).is_active
    # Who shut it opens it.
    again = entra.make("kari", **told) if goes == "DELETE" else entra.patch(first, ON)
    assert (again.status_code < 300, fresh(kari).is_active, kari.suspended_at) == (True, True, None)


def test_a_leavers_address_is_somebody_elses_after_a_month(
    entra: System, make_employee: MakeEmployee, city: City
) -> None:
    old = make_employee("Ola Ness", unit=city.west, email="ola.ness@oslo.example")
    today = local_today()
    old.employments.update(end_date=today - datetime.timedelta(days=DAYS_PROFILE_IS_KEPT))
    refresh_people([old.pk])
    new = {"name": "Ola Nessheim", "email": "ola.ness@oslo.example", "title": "Vikar"}
    forget_profiles(today - datetime.timedelta(days=DAYS_PROFILE_IS_KEPT))
    assert entra.make("ny", **new).status_code == 409
    forget_profiles(today - datetime.timedelta(days=DAYS_PROFILE_IS_KEPT - 1))
    assert entra.make("ny", **new).status_code == 201
    named = Employee.objects.get(email="ola.ness@oslo.example")
    assert (named.full_name, fresh(old).email, old.employments.count()) == ("Ola Nessheim", None, 1)


def test_whom_two_systems_employ_goes_when_one_says_so(entra: System, okta: System, admin: Employee) -> None:
    first = f"/Users/{entra.make('kari', number='8002', title='Lege').json()['id']}"
    second = f"/Users/{okta.make('kari', number='8002', title='Vakt').json()['id']}"
    kari = Employee.objects.get(employee_number="8002")
    entra.patch(first, OFF)
    assert not fresh(kari).is_active
    okta.patch(second, {"op": "replace", "path": "title", "value": "Vaktleder"})
    assert not fresh(kari).is_active
    let_in_again(actor=admin, client=entra.client, employee=kari)
    assert fresh(kari).is_active
    # The administrator's word stands against what is said again of a person already told to be shut.
    entra.patch(first, {"op": "replace", "path": "title", "value": "Overlege"})
    okta.patch(second, {"op": "replace", "path": "title", "value": "Vakt"})
    assert fresh(kari).is_active


def test_no_job_of_another_systems_opens_what_one_has_shut(entra: System, okta: System) -> None:
    made = entra.make("kari", number="8002", title="Lege").json()
    entra.patch(f"/Users/{made['id']}", OFF)
    okta.make("kari", number="8002", title="Vakt")
    kari = Employee.objects.get(employee_number="8002")
    assert (kari.is_active, bool(kari.suspended_at)) == (False, True)


def leave(system: System, **told: Any) -> Employee:
    made = system.make("kari@oslo.example", name="Kari Lien", email="kari@oslo.example", **told).json()
    assert system.send("DELETE", f"/Users/{made['id']}").status_code == 204
    kari: Employee = Employee.objects.get(email="kari@oslo.example")
    return kari


@pytest.mark.parametrize("name", ["Ola Ness", "Kari Lien"])
@pytest.mark.parametrize("number", [None, "8002"])
def test_nobody_comes_back_by_an_address_alone(entra: System, name: str, number: str | None) -> None:
    kari = leave(entra)
    told = {"number": number} if number else {}
    refused = entra.make("other", name=name, email="Kari@oslo.example", **told)
    assert (refused.status_code, refused.json()["scimType"]) == (409, "uniqueness")
    assert (fresh(kari).is_active, kari.full_name, ScimUser.objects.count()) == (False, "Kari Lien", 0)


@pytest.mark.parametrize("known_by", ["number", "externalId"])
def test_who_comes_back_is_known_by_number_or_by_the_systems_own_id(entra: System, okta: System, known_by: str) -> None:
    kari = leave(entra, number="8002", externalId="A-1")
    told = {"number": "8002"} if known_by == "number" else {"externalId": "A-1"}
    # Another system's own ids are its own.
    if known_by == "externalId":
        assert okta.make("kari", email="kari@oslo.example", **told).status_code == 409
    assert entra.make("k.moen", name="Kari Moen", email="kari@oslo.example", **told).status_code == 201
    assert (fresh(kari).is_active, kari.full_name) == (True, "Kari Moen")
    assert Employee.objects.filter(last_name__in=["Moen", "Lien"]).count() == 1


@pytest.mark.parametrize(
    ("name", "status"),
    [("Kari Lien", 201), ("kari anne LIEN", 201), ("Lien Kari", 201), ("Ola Ness", 409), ("Kari Ness", 409)],
)
def test_who_works_here_is_known_by_an_address_with_the_name(
    entra: System, make_employee: MakeEmployee, city: City, name: str, status: int
) -> None:
    kari = make_employee("Kari Lien", unit=city.west, email="kari@oslo.example")
    answer = entra.make("kari", name=name, email="kari@oslo.example")
    assert answer.status_code == status
    assert ScimUser.objects.filter(employee=kari).exists() is (status == 201)


def test_a_leavers_number_with_a_wholly_different_name_is_somebody_elses(entra: System) -> None:
    kari = leave(entra, number="8002")
    refused = entra.make("other", name="Helt Annen", email="annen@oslo.example", number="8002")
    assert (refused.status_code, refused.json()["scimType"]) == (409, "uniqueness")
    assert (fresh(kari).is_active, kari.full_name) == (False, "Kari Lien")


def test_an_account_of_which_nothing_is_said_stays_shut(entra: System) -> None:
    told = user("kari", name="Kari Lien", number="8002")
    address = f"/Users/{entra.send('POST', '/Users', told).json()['id']}"
    kari = Employee.objects.get(employee_number="8002")
    entra.patch(address, OFF)
    assert entra.send("PUT", address, told | {"title": "Lege"}).status_code == 200
    assert not fresh(kari).is_active
    assert entra.patch(address, {"op": "remove", "path": "active"}).status_code == 204
    entra.patch(address, {"op": "replace", "value": {"active": None}})
    entra.patch(address, {"op": "replace", "path": "title", "value": "Vakt"})
    assert not fresh(kari).is_active
    entra.send("PUT", address, told | {"active": True})
    assert fresh(kari).is_active


@pytest.mark.parametrize("goes", ["active", "DELETE"])
def test_an_agencys_system_lets_go_of_who_works_elsewhere_by_now(
    admin: Employee, make_employee: MakeEmployee, city: City, goes: str
) -> None:
    alna = connect(admin, unit=city.alna, name="Okta i Alna")
    kari = make_employee("Kari Lien", unit=city.west, email="kari@oslo.example")
    address = f"/Users/{alna.make('kari', name='Kari Lien', number=kari.employee_number).json()['id']}"
    today = local_today()
    begun = {"position_key": "lege", "title": "Lege", "job_family": kari.employments.get().job_family}
    kari.employments.update(start_date=today - datetime.timedelta(days=9), end_date=today - datetime.timedelta(days=1))
    Employment.objects.create(employee=kari, unit=city.water, start_date=today, percentage=100, **begun)
    refresh_people([kari.pk])
    alna.patch(address, {"op": "replace", "value": {"emails": [{"value": "annen@oslo.example", "type": "work"}]}})
    answer = alna.send("DELETE", address) if goes == "DELETE" else alna.patch(address, OFF)
    assert answer.status_code == 204
    assert (fresh(kari).is_active, kari.suspended_at, kari.email) == (True, None, "kari@oslo.example")
    if goes == "DELETE":
        assert alna.make("kari", name="Kari Lien", number=kari.employee_number).status_code == 409
