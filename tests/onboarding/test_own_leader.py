"""Whose new colleague it is: the manager of the row, or else whoever leads the unit; the same wherever it is asked."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from core.clock import local_today
from directory.models import Employee, Employment, OrgUnit
from notifications.models import Notification
from onboarding.arrivals.card import _concerned
from onboarding.arrivals.units import coming_to
from onboarding.invitations.actions import invite
from onboarding.models import Invitation, InvitationRun, Welcome
from onboarding.notification_kinds import NewColleagueKind
from onboarding.sign_in_codes.actions import give_code
from onboarding.welcome.page import build_page
from onboarding.welcome.telling import _leaders_of
from tests.conftest import City, MakeEmployee


@pytest.fixture
def alone(make_employee: MakeEmployee, kari: Employee, city: City) -> Employee:
    """Works in Kari's unit; no row says who leads."""
    OrgUnit.objects.filter(pk=city.east.pk).update(leader=kari)
    return make_employee("Karin Kortliste", unit=city.east, email=None)


def begins_soon(person: Employee) -> None:
    begins = local_today() + datetime.timedelta(days=3)
    Employment.objects.filter(employee=person).update(start_date=begins)
    Employee.objects.filter(pk=person.pk).update(is_active=False, primary_employment=None)


def leads(leader: Employee, person: Employee) -> bool:
    led = Employee.objects.get(pk=leader.pk).led_employments()
    return person.pk in led.values_list("employee_id", flat=True)


def test_a_row_without_leader_is_the_leader_of_the_units(
    alone: Employee, kari: Employee, thanh: Employee, make_employee: MakeEmployee, city: City
) -> None:
    assert (leads(kari, alone), leads(thanh, alone)) == (True, False)
    left = make_employee("Lars Sluttet", is_active=False)
    Employment.objects.filter(employee=alone).update(manager=left)
    assert leads(kari, alone), "whoever has left leads nobody"
    Employment.objects.filter(employee=alone).update(manager=thanh)
    assert (leads(kari, alone), leads(thanh, alone)) == (False, True)
    Employment.objects.filter(employee=alone).update(manager=alone)
    assert leads(kari, alone), "nobody leads themself"
    assert not leads(kari, kari)


def test_they_list_let_in_and_greet(alone: Employee, kari: Employee, client_of: Any) -> None:
    Welcome.objects.create(employee=alone, starts_date=local_today())
    leader: Client = client_of(kari)
    assert "Karin Kortliste" in leader.get(reverse("never_signed_in")).content.decode()
    for page in ("sign_in_help", "greet_colleague"):
        assert leader.get(reverse(page, args=[alone.public_id])).status_code == 200, page
    assert give_code(actor=kari, employee=alone)
    assert kari.pk in _concerned()
    assert _leaders_of(alone.pk) == [kari.pk]
    assert alone.pk in NewColleagueKind().visible_targets(kari, [alone.pk])
    assert build_page(alone).leader == kari


def test_who_is_protected_is_known_to_the_own_leader_only(alone: Employee, kari: Employee, thanh: Employee) -> None:
    Employee.objects.filter(pk=alone.pk).update(protected=True)
    assert kari in Employee.objects.visible_to(kari)
    assert alone in Employee.objects.visible_to(kari)
    Employment.objects.filter(employee=alone).update(manager=thanh)
    assert alone not in Employee.objects.visible_to(Employee.objects.get(pk=kari.pk))
    with pytest.raises(PermissionDenied):
        give_code(actor=Employee.objects.get(pk=kari.pk), employee=alone)


def test_letters_are_theirs_and_those_of_nobody_are_named(
    alone: Employee, kari: Employee, hege: Employee, make_employee: MakeEmployee, city: City, client_of: Any
) -> None:
    nobodys = make_employee("Nils Ingens", unit=city.water, email=None)
    for person in (alone, nobodys):
        begins_soon(person)
    assert [job.employee for job in coming_to(kari)] == [alone]
    invite(actor=hege, who="coming", hour=datetime.time(7, 30), count=2)
    assert Notification.objects.get(recipient=kari).kind == "letter_to_print"
    assert [each.employee for each in Invitation.objects.letters_for(kari)] == [alone]
    told = client_of(hege).get(reverse("invitation_run", args=[InvitationRun.objects.get().public_id]))
    assert told.context["leaderless"] == {nobodys.pk}
    assert client_of(kari).post(reverse("letters_to_print")).content.decode().count("Karin Kortliste") == 1


def test_to_know_whom_one_leads_is_one_question(
    alone: Employee, kari: Employee, django_assert_num_queries: Any
) -> None:
    kari = Employee.objects.get(pk=kari.pk)
    kari.roles  # noqa: B018 - asked once a request, of everybody
    with django_assert_num_queries(1):
        assert list(kari.led_employments().values_list("employee_id", flat=True)) == [alone.pk]


def test_the_leader_is_told_the_fact_that_is_asked_for(alone: Employee, kari: Employee, client_of: Any) -> None:
    address = reverse("sign_in_help", args=[alone.public_id])
    assert "første arbeidsdag" in client_of(kari).get(address).content.decode()
    Employee.objects.filter(pk=alone.pk).update(private_mobile="912 34 567")
    assert "slutten av mobilnummeret" in client_of(kari).get(address).content.decode()
