"""Who has never signed in: HR and the own leader know it by name, nobody else, and only until the first time."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone

from directory.models import Employee
from tests.conftest import City

ADDRESS = reverse("never_signed_in")


def test_by_name_until_the_first_time(
    client_of: Any, hege: Employee, kari: Employee, amina: Employee, admin: Employee, make_employee: Any, city: City
) -> None:
    thanh = make_employee("Thanh Nguyen", manager=kari, protected=True)
    far = make_employee("Fatou Vann", unit=city.water)
    Employee.objects.filter(pk=hege.pk).update(first_signed_in_at=timezone.now())
    told = client_of(kari).get(ADDRESS).content.decode()
    assert ("Amina Hassan" in told, "Thanh Nguyen" in told, "Fatou Vann" in told) == (True, True, False)
    assert reverse("sign_in_help", args=[amina.public_id]) in told
    assert "hos deg har aldri logget inn" in client_of(kari).get(reverse("arrival_card")).content.decode()
    everyone = client_of(hege).get(ADDRESS).content.decode()
    assert f"{kari.full_name}</a>" not in everyone  # has just been here
    assert all(person.full_name in everyone for person in (amina, thanh, far))
    assert "Hege Lie</a>" not in everyone
    water = client_of(hege).get(f"{ADDRESS}?unit=vann").content.decode()
    assert ("Fatou Vann" in water, "Amina Hassan" in water) == (True, False)
    Employee.objects.filter(pk=amina.pk).update(first_signed_in_at=timezone.now())
    assert "Amina Hassan</a>" not in client_of(kari).get(ADDRESS).content.decode()
    assert client_of(amina).get(ADDRESS).status_code == 403
    assert client_of(admin).get(ADDRESS).status_code == 403


def test_pages_of_fifty(client_of: Any, hege: Employee, make_employee: Any, django_assert_max_num_queries: Any) -> None:
    for place in range(51):
        make_employee(f"Person Nummer{place:02}")
    hr = client_of(hege)
    with django_assert_max_num_queries(16):
        first = hr.get(ADDRESS)
    assert first.context["more"]
    last = first.context["people"][-1]
    rest = hr.get(f"{ADDRESS}?after={last.public_id}").context["people"]
    assert not {person.pk for person in rest} & {person.pk for person in first.context["people"]}
    assert len(rest) + 50 == first.context["count"]
