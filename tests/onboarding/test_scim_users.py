"""People as an identity system tells of them: made, changed, shut and found; and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from directory.models import Employee, Employment, FactChange
from onboarding.models import ScimUser, Welcome
from tests.conftest import PASSWORD, City, MakeEmployee
from tests.onboarding.scim import ENTERPRISE, System, connect, user

pytestmark = pytest.mark.django_db
IDENTITY_NUMBER = "13097248022"


def job_of(number: str) -> Employment:
    job: Employment | None = Employee.objects.get(employee_number=number).primary_employment
    assert job
    return job


def test_a_person_comes_moves_and_goes(entra: System, city: City) -> None:
    leader = entra.make("berit@oslo.example", name="Berit Moen", email="berit@oslo.example", number="8001").json()
    told = {"number": "8002", "department": "Alna vest", "title": "Sykepleier", "email": "kari@oslo.example"}
    made = entra.make("Kari@oslo.example", name="Kari Lien", manager=leader["id"], **told)
    assert (made.status_code, made.headers["ETag"]) == (201, 'W/"1"')
    kari = Employee.objects.get(employee_number="8002")
    assert (kari.full_name, kari.email, kari.is_active) == ("Kari Lien", "kari@oslo.example", True)
    job = job_of("8002")
    assert (job.title, job.unit, job.source, job.manager_id) == (
        *("Sykepleier", city.west, "scim"),
        Employee.objects.get(employee_number="8001").pk,
    )
    assert Welcome.objects.filter(employee=kari).exists()

    address = f"/Users/{made.json()['id']}"
    moved = entra.patch(address, {"op": "Replace", "path": f"{ENTERPRISE}:department", "value": "BAL-01-02"})
    assert (moved.status_code, job_of("8002").unit) == (204, city.east)
    changes = FactChange.objects.filter(employee=kari, source="scim", fact="job")
    assert "Sykepleier, Alna øst" in {change.current for change in changes}

    shut = entra.patch(address, {"op": "Replace", "path": "active", "value": "False"})
    kari.refresh_from_db()
    assert (shut.status_code, kari.is_active, kari.sessions_ended) == (204, False, 1)
    again = entra.patch(address, {"op": "replace", "value": {"active": True}})
    kari.refresh_from_db()
    assert (again.status_code, kari.is_active) == (204, True)
    assert entra.send("DELETE", address).status_code == 204
    kari.refresh_from_db()
    assert (kari.is_active, entra.send("GET", address).status_code) == (False, 404)


def test_a_session_ends_with_the_answer(entra: System, client_of: Any) -> None:
    made = entra.make("kari", email="kari@oslo.example", number="8002").json()
    session = client_of(Employee.objects.get(employee_number="8002"))
    assert session.get("/settings/").status_code == 200
    entra.patch(f"/Users/{made['id']}", {"op": "replace", "path": "active", "value": False})
    assert session.get("/settings/").status_code == 302


def test_who_was_first_known_without_a_number_gets_it_later(entra: System, city: City) -> None:
    leader = entra.make("berit", name="Berit Moen").json()
    made = entra.make("kari", email="kari@oslo.example", department="Alna vest", manager=leader["id"]).json()
    kari = Employee.objects.get(email="kari@oslo.example")
    assert (kari.employee_number, kari.primary_employment and kari.primary_employment.title) == (None, "Ansatt")
    assert Employment.objects.get(employee=kari).manager == Employee.objects.get(first_name="Berit")
    entra.patch(f"/Users/{made['id']}", {"op": "add", "path": f"{ENTERPRISE}:employeeNumber", "value": "8009"})
    kari.refresh_from_db()
    assert kari.employee_number == "8009"


def test_leaders_do_not_lead_each_other_in_a_circle(entra: System) -> None:
    ids: list[str] = []
    for number in ("8001", "8002", "8003"):
        leads = {"manager": ids[-1]} if ids else {}
        ids.append(entra.make(f"u{number}", number=number, **leads).json()["id"])
    assert job_of("8003").manager == Employee.objects.get(employee_number="8002")
    answer = entra.patch(f"/Users/{ids[0]}", {"op": "add", "path": f"{ENTERPRISE}:manager", "value": ids[2]})
    assert (answer.status_code, job_of("8001").manager) == (204, None)


def test_made_and_shut_at_once_has_never_worked_here(entra: System) -> None:
    assert entra.make("kari", number="8002", active=False).status_code == 201
    kari = Employee.objects.get(employee_number="8002")
    assert (kari.is_active, kari.employments.count(), Welcome.objects.count()) == (False, 0, 0)
    assert not kari.check_password(PASSWORD)


def test_an_agencys_system_touches_nobody_outside(admin: Employee, make_employee: MakeEmployee, city: City) -> None:
    alna = connect(admin, unit=city.alna, name="Okta i Alna")
    water = make_employee("Vidar Vann", unit=city.water)
    refused = alna.make("vidar", number=water.employee_number)
    assert (refused.status_code, refused.json()["scimType"]) == (409, "uniqueness")
    assert alna.make("kari", number="8002", department="Vann- og avløpsetaten").status_code == 201
    assert job_of("8002").unit == city.alna


def test_each_system_sees_its_own(entra: System, admin: Employee) -> None:
    made = entra.make("kari", number="8002").json()
    other = connect(admin, name="Okta")
    assert other.send("GET", f"/Users/{made['id']}").status_code == 404
    assert other.find("/Users", 'userName eq "kari"')["totalResults"] == 0
    # The same person, told of by both.
    assert other.make("kari", number="8002").status_code == 201
    assert Employee.objects.filter(employee_number="8002").count() == 1


@pytest.mark.parametrize(
    ("told", "status", "kind"),
    [
        ({"externalId": IDENTITY_NUMBER}, 400, "invalidValue"),
        ({"title": f"Vikar {IDENTITY_NUMBER[:6]} {IDENTITY_NUMBER[6:]}"}, 400, "invalidValue"),
        ({"name": "<b>Kari</b> Lien"}, 400, "invalidValue"),
        ({"name": "=CMD() Lien"}, 400, "invalidValue"),
        ({"title": "Sjef\u202efed"}, 400, "invalidValue"),
        ({"title": "Sjef\x00"}, 400, "invalidValue"),
        ({"title": "x" * 161}, 400, "invalidValue"),
        ({"email": "ikke en adresse"}, 400, "invalidValue"),
        ({"manager": "finnesikke22"}, 400, "invalidValue"),
        ({"active": "kanskje"}, 400, "invalidValue"),
        ({"number": "8001"}, 409, "uniqueness"),
        ({"email": "BERIT@oslo.example"}, 409, "uniqueness"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else str(value),
)
def test_what_cannot_be_is_refused_and_nothing_is_stored(
    entra: System, told: dict[str, Any], status: int, kind: str
) -> None:
    entra.make("berit", number="8001", email="berit@oslo.example")
    people, rows = Employee.objects.count(), ScimUser.objects.count()
    answer = entra.make("kari", **told)
    assert (answer.status_code, answer.json().get("scimType")) == (status, kind)
    assert IDENTITY_NUMBER not in answer.content.decode()
    assert (Employee.objects.count(), ScimUser.objects.count()) == (people, rows)


def test_names_that_are_taken_and_bodies_that_are_none(entra: System) -> None:
    entra.make("kari")
    assert entra.make("KARI").json()["scimType"] == "uniqueness"
    for body in ("{", "[]", '"x"', "{}", '{"userName": 7}', '{"userName": "\\ud800"}', "\ufeff{}", "[" * 5000):
        answer = entra.send("POST", "/Users", body)
        assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/scim+json"), body
    assert entra.send("POST", "/Users", b"\xff\xfe{").status_code == 400
    assert entra.send("PUT", "/Users", {}).status_code == 405
    assert entra.send("GET", "/Nothing").status_code == 404
    assert entra.send("POST", "/Bulk", {}).status_code == 501
    assert entra.send("GET", "/Me").status_code == 501
    assert ScimUser.objects.count() == 1


def test_what_others_send_in_their_own_way(entra: System, city: City) -> None:
    said = user("kari", number="8002", department="Alna vest") | {
        "password": "hemmelig",
        "addresses": [{"streetAddress": "Skjult vei 1", "type": "home"}],
        "urn:other:2.0:User": {"colour": "blue"},
    }
    made = entra.send("POST", "/Users", said)
    row = ScimUser.objects.get()
    assert made.status_code == 201
    assert not {"password", "addresses", "urn:other:2.0:User"} & row.attributes.keys()
    # Entra ID: paths as keys, the manager as a bare id, an address by its type.
    leader = entra.make("berit", number="8001").json()
    dotted = {"name.givenName": "Karin", f"{ENTERPRISE}:department": "BAL-01-02", "favouriteColour": "blue"}
    answer = entra.patch(
        f"/Users/{row.public_id}",
        {"op": "Replace", "value": dotted},
        {"op": "Add", "path": f"{ENTERPRISE}:manager", "value": leader["id"]},
        {"op": "Add", "path": 'emails[type eq "work"].value', "value": "karin@oslo.example"},
        {"op": "Add", "path": 'phoneNumbers[type eq "mobile"].value', "value": "+4790012345"},
        {"op": "Add", "path": 'addresses[type eq "work"].formatted', "value": "Et sted"},
    )
    job = job_of("8002")
    assert (answer.status_code, job.unit, job.manager and job.manager.employee_number) == (204, city.east, "8001")
    assert (job.employee.first_name, job.employee.email) == ("Karin", "karin@oslo.example")
    assert (job.employee.private_mobile, job.employee.mobile_seen_by) == ("900 12 345", "leader")


def test_a_stale_version_changes_nothing(entra: System) -> None:
    made = entra.make("kari", number="8002")
    address = f"/Users/{made.json()['id']}"
    first = entra.patch(address, {"op": "replace", "path": "title", "value": "Lege"}, If_Match=made.headers["ETag"])
    late = entra.patch(address, {"op": "replace", "path": "title", "value": "Konge"}, If_Match=made.headers["ETag"])
    assert (first.status_code, first.headers["ETag"], late.status_code) == (204, 'W/"2"', 412)
    assert entra.send("GET", address, If_None_Match='W/"2"').status_code == 304
    same = entra.patch(address, {"op": "replace", "path": "title", "value": "Lege"})
    assert same.headers["ETag"] == 'W/"2"'


def test_filters_orders_and_pages(entra: System) -> None:
    for number, name in ((8001, "Åse Berg"), (8002, "Bo Dahl"), (8003, "Kari Lien")):
        first = name.split()[0].lower()
        told = {
            "email": f"{first}@oslo.example",
            "externalId": f"X{number}",
            "title": "Lege" if number > 8001 else None,
        }
        entra.make(f"{first}@oslo.example", name=name, number=str(number), **{k: v for k, v in told.items() if v})
    expected = {
        'userName eq "ÅSE@oslo.example"': 1,
        'externalId eq "X8002"': 1,
        'externalId eq "x8002"': 0,
        'emails[type eq "work"].value eq "BO@oslo.example"': 1,
        'emails[type eq "home" and value eq "bo@oslo.example"]': 0,
        'emails.value co "oslo"': 3,
        "title pr": 2,
        'not (title eq "lege")': 1,
        'title eq "LEGE" and active eq true': 2,
        'name.familyName sw "da" or userName sw "kari"': 2,
        f'{ENTERPRISE}:employeeNumber eq "8003"': 1,
        'meta.lastModified gt "2020-01-01T00:00:00Z"': 3,
        'userName eq "x" or not (userName eq "x")': 3,
    }
    assert {said: entra.find("/Users", said)["totalResults"] for said in expected} == expected
    page = entra.find("/Users", "userName pr", sortBy="name.familyName", sortOrder="descending", startIndex=2, count=1)
    assert (page["totalResults"], page["itemsPerPage"], page["Resources"][0]["userName"]) == (3, 1, "bo@oslo.example")
    few = entra.find("/Users", 'userName sw "k"', attributes="userName")["Resources"][0]
    assert few.keys() == {"schemas", "id", "userName"}
    for wrong in ("userName eq", "nothing eq 1", "active gt true", 'userName eq "a" and (', "x" * 5000):
        refused = entra.find("/Users", wrong)
        assert (refused["status"], refused["scimType"]) == ("400", "invalidFilter"), wrong
