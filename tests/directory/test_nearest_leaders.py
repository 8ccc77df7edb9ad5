"""Who follows up whom."""

from __future__ import annotations

import datetime

import pytest

from core.clock import local_today
from directory.models import Employee, OrgUnit, RoleGrant
from directory.nearest_leaders import leaders_of, own_people, without_leader
from tests.conftest import City, MakeEmployee

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief(make_employee: MakeEmployee, city: City, kari: Employee) -> Employee:
    """Leads the home care, and Kari with it."""
    chief = make_employee("Siri Sjef", unit=city.home_care)
    OrgUnit.objects.filter(pk=city.home_care.pk).update(leader=chief)
    OrgUnit.objects.filter(pk=city.west.pk).update(leader=kari)
    kari.primary_employment.manager = chief  # type: ignore[union-attr]
    kari.primary_employment.save()  # type: ignore[union-attr]
    return chief


def names(people: object) -> set[str]:
    return {person.first_name for person in people}  # type: ignore[attr-defined]


def test_own_people_are_not_those_of_the_leaders_below(chief: Employee, kari: Employee, amina: Employee) -> None:
    assert names(own_people(kari)) == {"Amina"}
    assert names(own_people(chief)) == {"Kari"}


def test_the_units_leader_stands_in_where_nobody_manages(
    chief: Employee, kari: Employee, make_employee: MakeEmployee
) -> None:
    make_employee("Nils Ny")
    assert names(own_people(kari)) == {"Nils"}
    Employee.objects.filter(pk=kari.pk).update(is_active=False)
    assert names(own_people(kari)) == set()
    assert names(without_leader(Employee.objects.filter(first_name__in=["Nils", "Kari"]))) == {"Nils"}


def test_whoever_acts_follows_up_the_own_people_of_the_one_acted_for(
    chief: Employee, kari: Employee, amina: Employee, thanh: Employee, city: City
) -> None:
    grant = RoleGrant.objects.create(employee=thanh, role="acting_leader", unit=city.home_care)
    assert names(own_people(thanh)) == {"Kari"}, "and not those further down"
    everyone = Employee.objects.filter(pk__in=[amina.pk, kari.pk])
    assert names(leaders_of(everyone)) == {"Kari", "Siri", "Thanh"}
    assert names(leaders_of(Employee.objects.filter(pk=amina.pk))) == {"Kari"}
    grant.end_date = local_today() - datetime.timedelta(days=1)
    grant.save()
    assert names(own_people(Employee.objects.get(pk=thanh.pk))) == set()
    assert names(leaders_of(everyone)) == {"Kari", "Siri"}


def test_lists_and_requests_agree_on_who_leads_whom(
    chief: Employee, kari: Employee, amina: Employee, thanh: Employee, city: City, make_employee: MakeEmployee
) -> None:
    RoleGrant.objects.create(employee=thanh, role="acting_leader", unit=city.west)
    RoleGrant.objects.create(employee=amina, role="acting_leader", unit=city.water)
    make_employee("Åse Alene", unit=city.water)
    make_employee("Nils Ny")
    people = Employee.objects.active()
    with_someone = {one.pk for one in people if own_people(one).exists()}
    assert set(leaders_of(people).values_list("pk", flat=True)) == with_someone
    assert names(own_people(amina)) == {"Åse", "Thanh"}


def test_asking_for_leaders_is_one_query(chief: Employee, amina: Employee, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        list(leaders_of(Employee.objects.active()))
