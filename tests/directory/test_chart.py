from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.clock import local_today
from directory.actions import refresh_people
from directory.finding import search_people
from directory.models import Employee, Employment, OrgUnit, RoleGrant
from tests.conftest import City, MakeEmployee, make_unit

ClientOf = Callable[[Employee], Client]


def address(unit: OrgUnit) -> str:
    return f"/people/chart/{unit.public_id}/"


@pytest.fixture
def led(city: City, kari: Employee, make_employee: MakeEmployee) -> Employee:
    """Kari leads Alna vest, and a director the district."""
    director = make_employee("Marit Grønli", unit=city.alna, title="Bydelsdirektør")
    OrgUnit.objects.filter(pk=city.west.pk).update(leader=kari)
    OrgUnit.objects.filter(pk=city.alna.pk).update(leader=director)
    return director


def test_it_leads_from_the_whole_down_to_people_and_back(
    led: Employee, amina: Employee, city: City, client_of: ClientOf
) -> None:
    client = client_of(amina)
    top = client.get("/people/chart/").context["chart"]
    assert [(node.unit.name, node.people) for node in top.below] == [("Bydel Alna", 3), ("Vann- og avløpsetaten", 0)]
    assert top.below[0].leader.display_name == "Marit Grønli"
    assert top.below[1].is_leaderless
    here = client.get(address(city.west))
    chart = here.context["chart"]
    assert [node.unit for node in chart.above] == [city.whole, city.alna, city.home_care]
    assert (chart.node.leader.display_name, [face.display_name for face in chart.people]) == (
        "Kari Nordby",
        ["Amina Hassan"],
    )
    for unit in (city.whole, city.alna, city.home_care):
        assert address(unit) in here.content.decode()
    assert f"/people/?unit={city.west.public_id}" in here.content.decode()


def test_every_node_costs_the_same_queries(
    led: Employee, amina: Employee, city: City, make_employee: MakeEmployee, client_of: ClientOf
) -> None:
    client = client_of(amina)

    def cost(unit: OrgUnit) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address(unit)).status_code == 200
        return len(queries)

    few = cost(city.home_care)
    for number in range(12):
        unit = make_unit(f"BAL-01-9{number}", f"Seksjon {number}", city.home_care, "section")
        unit.leader = make_employee(f"Leder {number}", unit=unit)
        unit.save()
    assert cost(city.home_care) == few


def test_whoever_leads_for_the_time_being_stands_beside_the_leader(
    led: Employee, amina: Employee, city: City, client_of: ClientOf
) -> None:
    RoleGrant.objects.create(employee=amina, role="acting_leader", unit=city.west)
    node = client_of(amina).get(address(city.west)).context["chart"].node
    assert (node.leader.display_name, [face.display_name for face in node.acting]) == ("Kari Nordby", ["Amina Hassan"])


def test_a_leader_who_left_or_may_not_be_found_is_not_shown(
    led: Employee, amina: Employee, city: City, kari: Employee, client_of: ClientOf
) -> None:
    client = client_of(amina)
    Employee.objects.filter(pk=kari.pk).update(protected=True)
    hidden = client.get(address(city.west))
    assert "Nordby" not in hidden.content.decode()
    assert not hidden.context["chart"].node.is_leaderless, "that nobody leads it would not be true"
    Employee.objects.filter(pk=kari.pk).update(protected=False, is_active=False)
    left = client.get(address(city.west))
    assert "Nordby" not in left.content.decode()
    assert "Ledes av Marit Grønli" in left.content.decode()
    assert "Uten leder" in client.get("/people/chart/").content.decode()


def test_leaders_in_a_circle_and_units_without_people_break_nothing(
    led: Employee, amina: Employee, kari: Employee, city: City, client_of: ClientOf
) -> None:
    Employment.objects.filter(employee=kari).update(manager=led)
    Employment.objects.filter(employee=led).update(manager=kari)
    OrgUnit.objects.filter(pk=city.home_care.pk).update(leader=kari)
    client = client_of(amina)
    for unit in (city.whole, city.alna, city.home_care, city.west, city.east):
        assert client.get(address(unit)).status_code == 200
    assert "Ingen jobber her" in client.get(address(city.east)).content.decode()


def test_a_unit_that_ended_says_what_took_its_place(amina: Employee, city: City, client_of: ClientOf) -> None:
    ended = local_today() - datetime.timedelta(days=20)
    OrgUnit.objects.filter(pk=city.east.pk).update(ended_date=ended, successor=city.west)
    client = client_of(amina)
    text = client.get(address(city.east)).content.decode()
    assert "ble avsluttet" in text
    assert address(city.west) in text
    assert city.east.public_id not in client.get(address(city.home_care)).content.decode()


def test_an_unknown_unit_is_not_there(amina: Employee, client_of: ClientOf) -> None:
    assert client_of(amina).get("/people/chart/finnesikke12/").status_code == 404


def test_a_new_name_is_searched_by_at_once(
    amina: Employee, kari: Employee, city: City, make_employee: MakeEmployee, client_of: ClientOf
) -> None:
    hr, local = make_employee("Hege Lie", roles=("hr",)), make_employee("Geir Haug")
    grant = RoleGrant.objects.create(employee=local, role="agency_admin", unit=city.water)
    refresh_people(Employee.objects.values_list("pk", flat=True))
    address = f"/people/chart/{city.west.public_id}/name/"
    for person in (amina, local):
        assert client_of(person).get(address).status_code == 403
    assert client_of(hr).post(address, {"name": " "}).status_code == 422
    assert client_of(hr).post(address, {"name": "Furuset nord", "short_name": "FUNO"}).status_code == 302
    assert set(search_people(Employee.objects.active(), "funo", hr).ids) == {amina.pk, kari.pk, hr.pk, local.pk}
    assert not search_people(Employee.objects.active(), "vest", hr).total
    RoleGrant.objects.filter(pk=grant.pk).update(unit=city.alna)
    api = f"/api/v1/units/{city.west.public_id}/"
    renamed = client_of(local).patch(api, {"name": "Alna vest"}, content_type="application/json")
    assert (renamed.json()["name"], renamed.json()["short_name"]) == ("Alna vest", "FUNO")
    assert client_of(amina).patch(api, {"name": "Mitt"}, content_type="application/json").status_code == 403


def test_everyone_is_on_paper_and_the_heading_names_the_unit(
    led: Employee, amina: Employee, city: City, make_employee: MakeEmployee, client_of: ClientOf
) -> None:
    for number in range(30):
        make_employee(f"Kollega Nummer{number}")
    answer = client_of(amina).get(address(city.west))
    chart, text = answer.context["chart"], answer.content.decode()
    assert (len(chart.people), len(chart.printed), chart.is_more) == (24, 7, False)
    assert text.count('<li class="only-print">') == 7
    assert ": Alna vest</h1>" in text
    assert 'class="card__more noprint"' in text
