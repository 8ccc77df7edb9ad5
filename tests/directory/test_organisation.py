"""What the organisation decides for itself, and who leads which units."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from core.clock import local_today
from directory.actions import change_second_pair_of_eyes
from directory.models import AuditEvent, Employee, Employment, Organisation, OrgUnit, RoleGrant
from tests.conftest import City, MakeEmployee

pytestmark = pytest.mark.django_db


class TestSecondPairOfEyes:
    def test_it_is_wanted_until_someone_turns_it_off(self, admin: Employee) -> None:
        assert Organisation.load().second_pair_of_eyes
        change_second_pair_of_eyes(actor=admin, wanted=False)
        change_second_pair_of_eyes(actor=admin, wanted=False)
        assert not Organisation.load().second_pair_of_eyes
        event = AuditEvent.objects.get(verb="directory.second_pair_of_eyes_changed")
        assert (event.actor, event.facts) == (admin, {"wanted": False})

    def test_only_the_organisations_own_administrator_decides(
        self, liv: Employee, make_employee: MakeEmployee, city: City
    ) -> None:
        local = make_employee("Lokal Larsen")
        RoleGrant.objects.create(employee=local, role="admin", unit=city.alna)
        for person in (liv, local):
            with pytest.raises(PermissionDenied):
                change_second_pair_of_eyes(actor=person, wanted=False)

    def test_on_the_screen(self, admin: Employee, client_of: Callable[[Employee], Client]) -> None:
        browser, address = client_of(admin), reverse("manage_organisation")
        assert "Et ekstra par øyne" in browser.get(address).content.decode()
        assert browser.post(address, {}).status_code == 302
        assert not Organisation.load().second_pair_of_eyes
        assert "Arne Holm slo det av" in browser.get(address).content.decode()
        browser.post(address, {"second_pair_of_eyes": "on"})
        assert Organisation.load().second_pair_of_eyes

    def test_over_the_api(self, admin: Employee, liv: Employee, client_of: Callable[[Employee], Client]) -> None:
        address = reverse("api_organisation")
        answer = client_of(admin).patch(address, {"second_pair_of_eyes": False}, "application/json")
        assert (answer.status_code, answer.json()["second_pair_of_eyes"]) == (200, False)
        assert client_of(liv).get(address).status_code == 403


class TestLedUnits:
    def test_the_leader_of_a_unit(self, kari: Employee, city: City) -> None:
        OrgUnit.objects.filter(pk=city.home_care.pk).update(leader=kari)
        assert Employee.objects.get(pk=kari.pk).led_paths == [city.home_care.path]

    def test_a_manager_where_nobody_else_leads(
        self, kari: Employee, amina: Employee, make_employee: MakeEmployee, city: City
    ) -> None:
        assert Employee.objects.get(pk=kari.pk).led_paths == [city.west.path]
        other = make_employee("Reidun Moe")
        OrgUnit.objects.filter(pk=city.west.pk).update(leader=other)
        assert Employee.objects.get(pk=kari.pk).led_paths == []
        Employee.objects.filter(pk=other.pk).update(is_active=False)
        assert Employee.objects.get(pk=kari.pk).led_paths == [city.west.path]

    def test_nobody_leads_by_a_job_that_is_over(self, kari: Employee, amina: Employee) -> None:
        Employment.objects.filter(employee=amina).update(end_date=local_today() - datetime.timedelta(days=1))
        assert Employee.objects.get(pk=kari.pk).led_paths == []

    def test_an_acting_leader_within_the_dates(self, thanh: Employee, city: City) -> None:
        yesterday = local_today() - datetime.timedelta(days=1)
        RoleGrant.objects.create(employee=thanh, role="acting_leader", unit=city.alna)
        RoleGrant.objects.create(employee=thanh, role="acting_leader", unit=city.whole, end_date=yesterday)
        assert Employee.objects.get(pk=thanh.pk).led_paths == [city.alna.path]

    def test_one_query_fetches_it_for_everyone(
        self, kari: Employee, amina: Employee, django_assert_num_queries: Callable[[int], object]
    ) -> None:
        with django_assert_num_queries(1):  # type: ignore[attr-defined]
            found = {person.pk: person.led_unit_paths for person in Employee.objects.with_led_units()}
        assert (bool(found[kari.pk]), found[amina.pk]) == (True, [])
