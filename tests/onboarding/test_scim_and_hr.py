"""An identity system and HR's file about the same people: who has the last word, and what is forgotten."""

from __future__ import annotations

import datetime

import pytest

from core.clock import local_today
from directory.models import Employee
from onboarding.imports.actions import import_file
from onboarding.scim.actions import let_in_again
from onboarding.scim.sweeping import forget_told, give_way
from tests.conftest import City, MakeEmployee
from tests.onboarding.hr import hr_file, hr_row
from tests.onboarding.scim import System

pytestmark = pytest.mark.django_db


def test_hr_knows_best_of_those_in_its_file(
    entra: System, make_employee: MakeEmployee, city: City, admin: Employee
) -> None:
    kari = make_employee("Kari Lien", unit=city.west, email=None, protected=True)
    told = {"department": "VAV", "title": "Konge", "email": "kari@oslo.example", "number": kari.employee_number}
    made = entra.make("kari", name="Kari Annet", **told)
    kari.refresh_from_db()
    assert made.status_code == 201
    assert (kari.full_name, kari.email, kari.protected) == ("Kari Lien", "kari@oslo.example", True)
    assert [job.unit for job in kari.employments.all()] == [city.west]

    address = f"/Users/{made.json()['id']}"
    entra.patch(address, {"op": "replace", "path": "active", "value": False})
    kari.refresh_from_db()
    # HR's job lasts, and the account is shut all the same, until an administrator or the system opens it.
    assert (kari.is_active, kari.left_date, bool(kari.suspended_at)) == (False, None, True)
    assert kari.employments.get().end_date is None
    let_in_again(actor=admin, client=entra.client, employee=kari)
    kari.refresh_from_db()
    assert (kari.is_active, kari.suspended_at) == (True, None)
    entra.send("DELETE", address)
    kari.refresh_from_db()
    assert kari.is_active  # the administrator's word stands
    assert entra.make("kari", name="Kari Lien", **told).status_code == 201
    kari.refresh_from_db()
    assert (kari.is_active, kari.suspended_at) == (True, None)


def test_a_full_file_and_a_system_leave_each_other_alone(entra: System, city: City, hege: Employee) -> None:
    def bring(*rows: dict[str, str]) -> None:
        import_file(actor=hege, file=hr_file(*rows), file_name="natt.csv", is_delta=False)

    made = entra.make("kari", name="Kari Lien", number="8002", department="Alna vest").json()
    hr_says = hr_row(ansattnr="8002", fornavn="Kari Anne", etternavn="Lien", stilling="Lege")
    kari = Employee.objects.get(employee_number="8002")
    # A full file that does not name her ends nothing.
    bring(hr_row())
    assert [job.source for job in kari.employments.current()] == ["scim"]
    # One that does makes her HR's: the job the system kept gives way.
    bring(hr_row(), hr_says)
    assert (give_way(), give_way()) == (1, 0)
    kari.refresh_from_db()
    assert [(job.title, job.source) for job in kari.employments.current()] == [("Lege", "file")]
    entra.patch(f"/Users/{made['id']}", {"op": "replace", "path": "title", "value": "Konge"})
    # Whom HR lets go is not employed again because the system still speaks of her.
    bring(hr_row())
    entra.patch(f"/Users/{made['id']}", {"op": "replace", "path": "title", "value": "Keiser"})
    kari.refresh_from_db()
    assert (kari.full_name, kari.is_active, kari.employments.current().count()) == ("Kari Anne Lien", False, 0)


def test_what_was_told_of_those_who_left_is_forgotten(entra: System) -> None:
    told = {"email": "kari@oslo.example", "title": "Lege", "externalId": "X1"}
    made = entra.make("kari", number="8002", **told).json()
    address = f"/Users/{made['id']}"
    entra.patch(address, {"op": "replace", "path": "active", "value": False})
    Employee.objects.filter(employee_number="8002").update(left_date=local_today() - datetime.timedelta(days=29))
    assert forget_told() == 0
    Employee.objects.filter(employee_number="8002").update(left_date=local_today() - datetime.timedelta(days=31))
    assert (forget_told(), forget_told()) == (1, 0)
    left = entra.send("GET", address).json()
    assert (left["userName"], left["externalId"], left["active"]) == ("kari", "X1", False)
    assert not {"name", "emails", "title"} & left.keys()
