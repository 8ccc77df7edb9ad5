"""People and units as HR's file really brings them: no page breaks, each shows something sensible."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from core.clock import local_today
from directory.actions import refresh_people
from directory.models import Employee, Employment, OrgUnit
from tests.conftest import City, MakeEmployee

ClientOf = Callable[[Employee], Client]
Change = Callable[["Around"], Any]
LONG = "Abcdefghij" * 10


@dataclass
class Around:
    """The person in question, the leader, and where they work."""

    person: Employee
    leader: Employee
    city: City

    def named(self, first: str, last: str) -> None:
        self.person.first_name, self.person.last_name = first, last
        self.person.save()

    def facts(self, **facts: Any) -> None:
        Employee.objects.filter(pk=self.person.pk).update(**facts)

    def job(self, **facts: Any) -> None:
        Employment.objects.filter(employee=self.person).update(**facts)

    def leader_left(self) -> None:
        yesterday = local_today() - datetime.timedelta(days=1)
        Employment.objects.filter(employee=self.leader).update(end_date=yesterday)
        OrgUnit.objects.filter(pk=self.city.west.pk).update(leader=self.leader)

    def circle(self) -> None:
        Employment.objects.filter(employee=self.leader).update(manager=self.person)

    def jobless(self) -> None:
        self.facts(primary_employment=None)
        Employment.objects.filter(employee=self.person).delete()

    def unit_ended(self) -> None:
        OrgUnit.objects.filter(pk=self.city.west.pk).update(ended_date=local_today(), successor=self.city.east)


# What is odd, what makes it so, what the person's page says all the same.
ODD: dict[str, tuple[Change, str]] = {
    "one letter": (lambda around: around.named("Å", ""), ">Å</h1>"),
    "a hundred letters": (lambda around: around.named(LONG, LONG), f">{LONG} {LONG}</h1>"),
    "no surname": (lambda around: around.named("Madonna", ""), ">Madonna</h1>"),
    "a name of signs": (lambda around: around.named("🙂", "<b>;,\\"), "&lt;b&gt;"),
    "no e-mail": (lambda around: around.facts(email=None), ">Amina Hassan</h1>"),
    "no leader": (lambda around: around.job(manager=None), "Samme team"),
    "a leader who left": (lambda around: around.leader_left(), ">Amina Hassan</h1>"),
    "a circle of leaders": (lambda around: around.circle(), "Kari Nordby"),
    "the own leader": (lambda around: around.job(manager=around.person), "Samme team"),
    "a job that ends today": (lambda around: around.job(end_date=local_today()), "Helsefagarbeider"),
    "no job": (lambda around: around.jobless(), ">Amina Hassan</h1>"),
    "a job in the whole organisation": (lambda around: around.job(unit=around.city.whole), "Oslo kommune"),
    "a unit that has ended": (lambda around: around.unit_ended(), "Alna vest"),
    "a photo that is gone": (lambda around: around.facts(photo="a" * 64), "/photo/400/"),
}


@pytest.mark.parametrize("odd", ODD)
def test_every_page_stands(
    odd: str,
    amina: Employee,
    kari: Employee,
    city: City,
    make_employee: MakeEmployee,
    client_of: ClientOf,
) -> None:
    viewer = make_employee("Emeka Okafor", manager=kari)
    change, says = ODD[odd]
    change(Around(amina, kari, city))
    refresh_people([amina.pk, kari.pk, viewer.pk])
    amina.refresh_from_db()
    assert amina.is_active
    client, page = client_of(viewer), f"/people/{amina.public_id}/"
    assert says in client.get(page).content.decode()
    addresses = [
        f"/people/?unit={city.west.public_id}",
        f"/people/?unit={city.east.public_id}",  # where nobody works
        f"/people/phone-list/?unit={city.west.public_id}",
        f"/people/?q={amina.first_name[:20]}",
        f"/people/{kari.public_id}/",
    ]
    for address in addresses:
        assert client.get(address).status_code == 200, address
    card = client.get(f"{page}card.vcf").content.decode()
    assert card.startswith("BEGIN:VCARD")
    assert card.endswith("END:VCARD\r\n")
    assert client_of(amina).get("/me/absence/").status_code == 200
