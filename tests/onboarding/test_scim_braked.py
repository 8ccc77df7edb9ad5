"""A system that would shut very many out waits until a named person has said that this is right."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from directory.models import AuditEvent, Employee
from notifications.models import Notification
from onboarding.imports.planning import FEW_LEAVERS
from onboarding.models import ScimHeld, ScimShut, ScimUser
from onboarding.scim.sweeping import shut_released
from tests.conftest import City, MakeEmployee
from tests.onboarding.scim import System

pytestmark = pytest.mark.django_db
OFF = {"op": "replace", "path": "active", "value": False}


@pytest.fixture
def busy(entra: System) -> System:
    """A system that has shut as many today as it may."""
    people = [Employee(username=f"gone{n}", public_id=f"gone{n}", is_active=False) for n in range(FEW_LEAVERS)]
    made = Employee.objects.bulk_create(people)
    ScimShut.objects.bulk_create([ScimShut(client=entra.client, employee=one, is_counted=True) for one in made])
    return entra


def tell(system: System, *people: Employee) -> list[str]:
    """The addresses of what `system` says of people known by their numbers."""
    told = [system.make(one.username, name=one.full_name, number=one.employee_number) for one in people]
    return [f"/Users/{answer.json()['id']}" for answer in told]


def test_one_too_many_is_held_until_the_number_is_said(
    busy: System, make_employee: MakeEmployee, city: City, admin: Employee, client_of: Any
) -> None:
    kari, ola, siri = (make_employee(f"{name} Lien", unit=city.west) for name in ("Kari", "Ola", "Siri"))
    first, second, third = tell(busy, kari, ola, siri)
    Employee.objects.filter(pk=siri.pk).update(protected=True)
    version = busy.send("GET", first).json()["meta"]["version"]
    answers = [busy.patch(first, OFF), busy.patch(first, OFF), busy.send("DELETE", second), busy.patch(third, OFF)]
    assert [answer.status_code for answer in answers] == [403] * 4
    assert "administrator" in answers[0].json()["detail"]
    # Nothing has happened; what else is told goes on, and keepers have heard once.
    told = busy.send("GET", first).json()
    assert (told["active"], told["meta"]["version"]) == (True, version)
    assert Employee.objects.active().filter(pk__in=[kari.pk, ola.pk, siri.pk]).count() == 3
    assert busy.make("ny", name="Ny Person", title="Vikar").status_code == 201
    assert Notification.objects.filter(kind="accounts_held").values_list("recipient", flat=True).get() == admin.pk
    page = client_of(admin).get(reverse("scim_client", args=[busy.client.public_id]))
    html = page.content.decode()
    assert ("Kari Lien" in html, "Ola Lien" in html, "Siri" in html) == (True, True, False)
    address = reverse("held_scim", args=[busy.client.public_id])
    opened = client_of(admin).get(address)
    assert (opened.status_code, opened.url) == (302, reverse("scim_client", args=[busy.client.public_id]))
    wrong = client_of(admin).post(address, {"number": "2"})
    assert (wrong.status_code, shut_released()) == (422, 0)
    client_of(admin).post(address, {"number": "3"})
    # The client asks again before the round does: what a person has said holds for it, and counts no further.
    assert busy.send("DELETE", second).status_code == 204
    assert shut_released() == 2
    assert not Employee.objects.active().filter(pk__in=[kari.pk, ola.pk, siri.pk]).exists()
    assert not busy.send("GET", first).json()["active"]
    assert (ScimHeld.objects.count(), ScimShut.objects.counted().count()) == (0, FEW_LEAVERS)
    event = AuditEvent.objects.get(verb="onboarding.scim_let_through")
    assert (event.actor, event.facts["number"]) == (admin, "3")


def test_who_stays_open_is_held_no_longer(
    busy: System, make_employee: MakeEmployee, city: City, admin: Employee, client_of: Any
) -> None:
    kari, ola = (make_employee(f"{name} Lien", unit=city.west) for name in ("Kari", "Ola"))
    first, second = tell(busy, kari, ola)
    assert [busy.patch(one, OFF).status_code for one in (first, second)] == [403, 403]
    # The system has thought better of one of them; a person leaves the other open.
    busy.patch(first, OFF | {"value": True})
    assert list(ScimHeld.objects.values_list("employee", flat=True)) == [ola.pk]
    client_of(admin).post(reverse("held_scim", args=[busy.client.public_id]), {"open": "1"})
    assert (ScimHeld.objects.count(), shut_released()) == (0, 0)
    # Nobody who is out already, or told of for the first time as such, counts.
    assert busy.make("inaktiv", active=False).status_code == 201
    assert busy.patch(second, OFF).status_code == 403
    assert not ScimUser.objects.get(user_name="inaktiv").employee.is_active
