from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.clock import local_today
from directory.actions import refresh_people
from directory.models import Employee, HouseRules, RoleGrant
from groups.models import Group, Membership
from groups.signals import posted_in_group
from notifications.fan_out import run_due_fan_outs
from notifications.models import Notification
from onboarding.imports.actions import apply_import, check_import
from onboarding.models import Welcome
from onboarding.welcome.actions import STEPS, tick
from onboarding.welcome.introducing import introduce_new
from onboarding.welcome.telling import remind_leaders, tell_leaders_soon
from tests.conftest import City
from tests.onboarding.hr import hr_file, hr_row

ClientOf = Callable[[Employee], Client]


@pytest.fixture
def sunniva(make_employee: Any, kari: Employee) -> Employee:
    """Starts today, led by Kari; has not accepted the house rules."""
    new: Employee = make_employee("Sunniva Dahl", manager=kari, started_days_ago=0, accepted=False)
    Welcome.objects.create(employee=new, starts_date=local_today())
    return new


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_first_day(
    city: City,
    sunniva: Employee,
    kari: Employee,
    make_employee: Any,
    make_group: Callable[..., Group],
    client_of: ClientOf,
) -> None:
    magnus = make_employee("Magnus Eide", work_phone="21 80 11 22")
    RoleGrant.objects.create(employee=magnus, role="superuser", unit=city.alna)
    wenche = make_employee("Wenche Lund", unit=city.east)
    RoleGrant.objects.create(employee=wenche, role="safety_representative", unit=city.home_care)
    group = make_group("Hjemmetjenesten Alna vest", "closed")
    reason = {"kind": "unit", "name": "Alna vest"}
    Membership.objects.create(group=group, employee=sunniva, by_hand=False, may_leave=False, reason=reason)
    page = client_of(sunniva).get(reverse("welcome"))
    text = text_of(page)

    assert "Sunniva!" in text
    for name in ("Kari Nordby", "Magnus Eide", "Wenche Lund", "Hjemmetjenesten Alna vest"):
        assert name in text
    assert page.context["page"].done == 0
    assert page.context["page"].groups[0].is_fixed
    assert "Alna vest" in page.context["page"].groups[0].reason


def test_ticks_are_real(
    sunniva: Employee, house_rules: HouseRules, make_group: Callable[..., Group], client_of: ClientOf
) -> None:
    client = client_of(sunniva)
    assert reverse("person_wrong", args=[sunniva.public_id]) in text_of(client.get(reverse("welcome_details")))
    client.post(reverse("welcome_details"))
    client.post(reverse("welcome_notifications"))
    assert [step.done for step in client.get(reverse("welcome")).context["page"].steps] == [
        False,
        True,
        False,
        True,
        False,
    ]
    posted_in_group.send(sender=Group, employee=sunniva, group=make_group("Alna"))
    Employee.objects.filter(pk=sunniva.pk).update(photo="abc")
    sunniva.house_rules_acceptances.create(house_rules=house_rules)
    page = client.get(reverse("welcome")).context["page"]
    assert (page.done, page.percent) == (5, 100)


def test_ticking_again_changes_nothing(sunniva: Employee) -> None:
    tick(employee=sunniva, step="hello")
    first = Welcome.objects.get().said_hello_at
    tick(employee=sunniva, step="hello")
    assert Welcome.objects.get().said_hello_at == first


def test_card_on_home_until_hidden_done_or_thirty_days(
    sunniva: Employee, amina: Employee, house_rules: HouseRules, client_of: ClientOf
) -> None:
    client = client_of(sunniva)

    def shown() -> bool:
        return "welcome-card" in text_of(client.get("/"))

    assert shown()
    assert "welcome-card" not in text_of(client_of(amina).get("/"))
    client.post(reverse("hide_welcome"))
    assert not shown()
    client.post(f"{reverse('hide_welcome')}?show=1")
    assert shown()
    with time_machine.travel(timezone.now() + datetime.timedelta(days=29)):
        client.force_login(sunniva, backend="directory.authentication.EmployeeBackend")
        assert shown()
    with time_machine.travel(timezone.now() + datetime.timedelta(days=31)):
        client.force_login(sunniva, backend="directory.authentication.EmployeeBackend")
        assert not shown()
    client.force_login(sunniva, backend="directory.authentication.EmployeeBackend")
    Welcome.objects.update(**dict.fromkeys(STEPS.values(), timezone.now()))
    Employee.objects.filter(pk=sunniva.pk).update(photo="abc")
    sunniva.house_rules_acceptances.create(house_rules=house_rules)
    assert not shown()


def test_the_card_costs_others_no_query(amina: Employee, client_of: ClientOf) -> None:
    client = client_of(amina)
    client.get("/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/")
    assert not [query for query in queries if "onboarding_welcome" in query["sql"]]


def test_neutral_hello_without_leader_and_groups(make_employee: Any, client_of: ClientOf) -> None:
    alone = make_employee("Ola Ness", started_days_ago=0)
    page = client_of(alone).get(reverse("welcome"))
    assert page.status_code == 200
    assert page.context["page"].greeter is None
    assert client_of(alone).get(reverse("welcome_hello")).status_code == 302


def test_leader_greets(sunniva: Employee, kari: Employee, amina: Employee, client_of: ClientOf) -> None:
    address = reverse("greet_colleague", args=[sunniva.public_id])
    assert "Sunniva" in text_of(client_of(kari).get(address))
    client_of(kari).post(address, {"greeting": "Vi møtes på Furuset klokka 8.", "buddy": amina.public_id})
    text = text_of(client_of(sunniva).get(reverse("welcome")))
    assert "Vi møtes på Furuset klokka 8." in text
    assert "Amina Hassan" in text


def test_only_the_leader_greets(
    sunniva: Employee, amina: Employee, hege: Employee, thanh: Employee, client_of: ClientOf
) -> None:
    for other in (amina, hege, thanh, sunniva):
        address = reverse("greet_colleague", args=[sunniva.public_id])
        assert client_of(other).get(address).status_code == 404
        assert client_of(other).post(address, {"greeting": "Hei"}).status_code == 404
    assert Welcome.objects.get().greeting == ""


@pytest.mark.parametrize("greeting", ["x" * 1001, "nul\x00l", "Hei \u202eder", "Hei \x1bder", "Velkommen 17054026641"])
def test_a_greeting_that_does_not_fit(greeting: str, sunniva: Employee, kari: Employee, client_of: ClientOf) -> None:
    answer = client_of(kari).post(reverse("greet_colleague", args=[sunniva.public_id]), {"greeting": greeting})
    assert answer.status_code == 422
    assert Welcome.objects.get().greeting == ""


def test_leaders_are_told_once(sunniva: Employee, kari: Employee, client_of: ClientOf) -> None:
    for _ in range(2):
        tell_leaders_soon()
        run_due_fan_outs()
    assert Notification.objects.get(kind="new_colleague").recipient == kari
    assert "Sunniva Dahl" in text_of(client_of(kari).get(reverse("notifications")))


def test_protected_leader_is_not_shown(make_employee: Any, city: City, client_of: ClientOf) -> None:
    hidden = make_employee("Åse Aaberg", protected=True)
    new = make_employee("Ola Ness", manager=hidden, started_days_ago=0)
    assert "Aaberg" not in text_of(client_of(new).get(reverse("welcome")))


def test_queries_do_not_grow_with_groups(
    sunniva: Employee, make_group: Callable[..., Group], client_of: ClientOf
) -> None:
    client = client_of(sunniva)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("welcome"))
        return len(queries)

    make_group("Første", members=[sunniva])
    count()
    few = count()
    for number in range(20):
        make_group(f"Gruppe {number}", members=[sunniva])
    assert count() == few


def test_hello_leads_to_the_nearest_group(
    sunniva: Employee, city: City, make_group: Callable[..., Group], client_of: ClientOf
) -> None:
    make_group("Bydel Alna", members=[sunniva], unit=city.alna)
    section = make_group("Alna vest", members=[sunniva], unit=city.west)
    answer = client_of(sunniva).get(reverse("welcome_hello"))
    assert section.public_id in answer["Location"]
    assert "Sunniva" in answer["Location"]


def given(group: Group, employee: Employee) -> None:
    """What the rule of a unit makes."""
    reason = {"kind": "unit", "name": "Alna vest"}
    Membership.objects.create(group=group, employee=employee, by_hand=False, may_leave=False, reason=reason)


def signed_in(employee: Employee, hours_ago: float = 2) -> None:
    moment = timezone.now() - datetime.timedelta(hours=hours_ago)
    Employee.objects.filter(pk=employee.pk).update(first_signed_in_at=moment)


def test_one_quiet_line_after_the_first_sign_in(
    city: City, sunniva: Employee, amina: Employee, make_group: Callable[..., Group], client_of: ClientOf
) -> None:
    district, section = make_group("Bydel Alna", unit=city.alna), make_group("Alna vest", "closed", unit=city.west)
    for group in (district, section):
        given(group, sunniva)
    given(section, amina)
    assert introduce_new() == 0
    signed_in(sunniva, 0.2)
    assert introduce_new() == 0
    signed_in(sunniva)
    assert introduce_new() == 1
    assert introduce_new() == 0
    assert "Ny kollega" in text_of(client_of(amina).get(section.get_absolute_url()))
    assert list(Welcome.objects.introduced_in(section)) == [sunniva.welcome]
    assert not Welcome.objects.introduced_in(district).exists()
    assert not Notification.objects.filter(recipient=amina).exists()


def test_no_line_for_who_says_no_is_protected_or_has_left_the_group(
    city: City, sunniva: Employee, make_group: Callable[..., Group], client_of: ClientOf
) -> None:
    section = make_group("Alna vest", unit=city.west)
    given(section, sunniva)
    signed_in(sunniva)
    client = client_of(sunniva)
    client.post(reverse("welcome_line"))
    assert introduce_new() == 0
    client.post(f"{reverse('welcome_line')}?show=1")
    assert introduce_new() == 1

    def stands() -> bool:
        return Welcome.objects.introduced_in(section).exists()

    assert stands()
    client.post(reverse("welcome_line"))
    assert not stands()
    client.post(f"{reverse('welcome_line')}?show=1")
    Employee.objects.filter(pk=sunniva.pk).update(protected=True)
    assert not stands()
    assert client.get(reverse("welcome")).context["page"].line_group is None
    Employee.objects.filter(pk=sunniva.pk).update(protected=False)
    with time_machine.travel(timezone.now() + datetime.timedelta(days=15)):
        assert not stands()
    section.memberships.all().delete()
    assert not stands()


def test_a_leader_who_has_not_greeted_is_reminded_once(make_employee: Any, kari: Employee) -> None:
    new = make_employee("Sunniva Dahl", manager=kari, started_days_ago=-1)
    # A stand-in has a last day already.
    new.employments.update(end_date=local_today() + datetime.timedelta(days=90))
    Welcome.objects.create(employee=new, starts_date=local_today() + datetime.timedelta(days=1))
    for _ in range(2):
        tell_leaders_soon()
        run_due_fan_outs()
    assert Notification.objects.get().kind == "new_colleague"
    Notification.objects.update(created_at=timezone.now() - datetime.timedelta(days=1))
    assert remind_leaders() == 1
    assert remind_leaders() == 0
    assert Notification.objects.filter(kind="greeting_wanted", recipient=kari).count() == 1


def test_help_where_one_works(
    city: City, sunniva: Employee, hege: Employee, amina: Employee, client_of: ClientOf
) -> None:
    """The nearest unit that says something is heard; HR and the branch's administrators say it."""
    hr = client_of(hege)
    assert "Alna vest" in hr.get(reverse("manage_help"), {"q": "alna v"}).content.decode()
    wrong = hr.post(reverse("local_help", args=[city.west.public_id]), {"on_call_phone": "ring meg"})
    assert wrong.status_code == 422
    told = {"on_call_phone": "21 80 40 40", "place": "Bydelshuset", "hours": "fredag 9–10"}
    hr.post(reverse("local_help", args=[city.alna.public_id]), told)
    hr.post(reverse("local_help", args=[city.west.public_id]), {"place": "Furuset", "hours": "onsdag 13–14"})
    text = text_of(client_of(sunniva).get(reverse("welcome")))
    assert "Furuset, onsdag 13–14" in text
    assert 'href="tel:21 80 40 40"' in text
    assert "Bydelshuset" not in text
    # Emptied, it is as above again.
    hr.post(reverse("local_help", args=[city.west.public_id]), {})
    assert "Bydelshuset, fredag 9–10" in text_of(client_of(sunniva).get(reverse("welcome")))


def test_who_comes_back_has_first_weeks_again(city: City, amina: Employee, kari: Employee, client_of: ClientOf) -> None:
    today = local_today()
    amina.employments.update(end_date=today - datetime.timedelta(days=300))
    refresh_people([amina.pk])
    old = {"greeting": "Fra sist", "greeted_by": kari, "hidden_at": timezone.now(), "said_hello_at": timezone.now()}
    Welcome.objects.create(employee=amina, starts_date=today - datetime.timedelta(days=900), **old)
    back = hr_row(
        ansattnr=amina.employee_number, fornavn="Amina", etternavn="Hassan", startdato=today.isoformat(),
        leder_ansattnr=kari.employee_number,
    )  # fmt: skip
    for _time in range(2):
        apply_import(actor=None, run=check_import(actor=None, file=hr_file(back), file_name="hr.csv", is_delta=True))
    run_due_fan_outs()
    welcome = Welcome.objects.get(employee=amina)
    assert (welcome.is_return, welcome.greeting, welcome.hidden_at, welcome.starts_date) == (True, "", None, today)
    amina.refresh_from_db()
    assert "Velkommen tilbake, Amina!" in text_of(client_of(amina).get(reverse("welcome")))
    assert "Velkommen tilbake" in text_of(client_of(amina).get("/"))
    assert "kommer tilbake til deg" in text_of(client_of(kari).get(reverse("notifications")))
    # A new contract the day after the last is no return.
    ends = today + datetime.timedelta(days=9)
    amina.employments.filter(end_date=None).update(end_date=ends)
    Welcome.objects.update(is_return=False)
    new = back | {"startdato": (ends + datetime.timedelta(days=1)).isoformat(), "stilling": "Vikar"}
    apply_import(actor=None, run=check_import(actor=None, file=hr_file(new), file_name="hr.csv", is_delta=True))
    assert not Welcome.objects.get(employee=amina).is_return
