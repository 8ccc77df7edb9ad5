from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from core.clock import local_today
from core.text import fold
from directory.actions import create_api_token, refresh_people
from directory.models import Employee, Employment, SearchWord, SignInDay
from directory.people import due_for_change
from directory.signals import employees_changed, employees_left
from directory.spelling import sound_key
from directory.tasks import apply_day_change, refresh_words
from tests.conftest import City, MakeEmployee

TODAY = local_today()
YESTERDAY = TODAY - datetime.timedelta(days=1)
TOMORROW = TODAY + datetime.timedelta(days=1)


def add_job(employee: Employee, city: City, **facts: object) -> Employment:
    title = str(facts.pop("title", "Vikar"))
    values = {"unit": city.water, "start_date": YESTERDAY, "position_key": title.lower(), **facts}
    return Employment.objects.create(employee=employee, title=title, **values)


@pytest.mark.parametrize(
    ("facts", "becomes_main"),
    [
        ({"percentage": Decimal(60)}, True),
        ({"percentage": Decimal(40)}, False),
        ({"percentage": Decimal(50), "start_date": TODAY - datetime.timedelta(days=900)}, True),
        ({"percentage": Decimal(50), "start_date": YESTERDAY}, False),
        ({"percentage": Decimal(60), "start_date": TOMORROW}, False),
        ({"percentage": Decimal(60), "end_date": YESTERDAY}, False),
        ({"percentage": Decimal(60), "end_date": TODAY}, True),
    ],
)
def test_the_main_job_is_the_largest_then_the_longest_held(
    facts: dict[str, object], becomes_main: bool, amina: Employee, city: City
) -> None:
    Employment.objects.filter(employee=amina).update(percentage=50)
    first = amina.primary_employment
    job = add_job(amina, city, **facts)
    refresh_people([amina.pk])
    amina.refresh_from_db()
    assert amina.primary_employment == (job if becomes_main else first)


def test_who_has_no_job_any_more_has_left(amina: Employee) -> None:
    Employment.objects.filter(employee=amina).update(end_date=YESTERDAY)
    change = refresh_people([amina.pk])
    amina.refresh_from_db()
    assert (amina.is_active, amina.left_date, amina.primary_employment) == (False, YESTERDAY, None)
    assert (change.left, change.begun, change.moved) == ([amina.pk], [], [])


def test_who_comes_back_works_here_again(amina: Employee, city: City) -> None:
    Employment.objects.filter(employee=amina).update(end_date=YESTERDAY)
    refresh_people([amina.pk])
    add_job(amina, city, start_date=TODAY)
    assert refresh_people([amina.pk]).begun == [amina.pk]
    amina.refresh_from_db()
    assert (amina.is_active, amina.left_date) == (True, None)


def test_who_starts_later_is_nobodys_leaver(amina: Employee) -> None:
    Employment.objects.filter(employee=amina).update(start_date=TOMORROW)
    refresh_people([amina.pk])
    amina.refresh_from_db()
    assert (amina.is_active, amina.left_date) == (False, None)


def test_an_account_without_any_job_is_left_alone(amina: Employee) -> None:
    Employment.objects.filter(employee=amina).delete()
    assert refresh_people([amina.pk]).employee_ids == []
    assert due_for_change(TODAY) == []


def test_a_second_run_writes_nothing(amina: Employee, thanh: Employee) -> None:
    ids = [amina.pk, thanh.pk]
    refresh_people(ids)
    again = refresh_people(ids)
    assert (again.employee_ids, again.texts) == ([], 0)


def test_a_thousand_cost_as_many_queries_as_one(
    make_employee: MakeEmployee, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    one = make_employee("Amina Hassan").pk
    ids = [make_employee(f"Person {number}").pk for number in range(30)]
    with django_assert_num_queries(8):
        refresh_people([one])
    with django_assert_num_queries(8):
        refresh_people(ids)


def test_leaving_ends_sessions_and_tokens_also_for_a_return(
    amina: Employee, client_of: Callable[[Employee], Client]
) -> None:
    client = client_of(amina)
    _, key = create_api_token(actor=None, employee=amina, name="skjerm")
    headers = {"Authorization": f"Bearer {key}"}
    assert client.get("/settings/").status_code == 200
    assert Client().get("/api/v1/me/", headers=headers).status_code == 200
    job = amina.primary_employment
    assert job
    Employment.objects.filter(pk=job.pk).update(end_date=YESTERDAY)
    refresh_people([amina.pk])
    assert client.get("/settings/").status_code == 302
    assert Client().get("/api/v1/me/", headers=headers).status_code == 401
    Employment.objects.filter(pk=job.pk).update(end_date=None)
    refresh_people([amina.pk])
    assert client.get("/settings/").status_code == 302
    assert Client().get("/api/v1/me/", headers=headers).status_code == 401


@pytest.mark.django_db(transaction=True)
def test_midnight_lets_people_begin_and_leave_and_tells_so_once(make_employee: MakeEmployee) -> None:
    begins, leaves, stays = (make_employee(name) for name in ("Ny Dahl", "Gammel Vik", "Fast Lie"))
    Employee.objects.filter(pk=begins.pk).update(is_active=False)
    Employment.objects.filter(employee=begins).update(start_date=TODAY)
    Employment.objects.filter(employee=leaves).update(end_date=YESTERDAY)
    heard: dict[str, list[int]] = {}

    def hear(signal: object, employee_ids: list[int], **kwargs: object) -> None:
        heard["left" if signal is employees_left else "changed"] = sorted(employee_ids)

    for each in (employees_changed, employees_left):
        each.connect(hear, weak=False, dispatch_uid="test")
    try:
        assert apply_day_change() == 2
        assert apply_day_change() == 0
    finally:
        for each in (employees_changed, employees_left):
            each.disconnect(dispatch_uid="test")
    assert heard == {"changed": sorted([begins.pk, leaves.pk]), "left": [leaves.pk]}
    assert list(Employee.objects.active().filter(pk__in=[begins.pk, leaves.pk, stays.pk]).by_name()) == [begins, stays]


def test_a_larger_job_that_begins_today_becomes_the_main_one(amina: Employee, city: City) -> None:
    Employment.objects.filter(employee=amina).update(percentage=40)
    job = add_job(amina, city, percentage=60, start_date=TODAY)
    assert due_for_change(TODAY) == [amina.pk]
    apply_day_change()
    amina.refresh_from_db()
    assert amina.primary_employment == job
    assert due_for_change(TODAY) == []


@pytest.mark.parametrize(("days", "kept"), [(30, True), (31, False)])
def test_a_leavers_profile_is_erased_after_30_days(days: int, kept: bool, amina: Employee) -> None:
    amina.about, amina.work_phone, amina.ask_me_about = "Hei", "22334455", ["Sårstell"]
    amina.save()
    Employment.objects.filter(employee=amina).update(end_date=TODAY - datetime.timedelta(days=days))
    apply_day_change()
    amina.refresh_from_db()
    assert (amina.about, amina.work_phone, amina.ask_me_about) == (
        ("Hei", "22334455", ["Sårstell"]) if kept else ("", "", [])
    )
    assert (" 22334455" in amina.search_text) is kept
    assert amina.full_name == "Amina Hassan"


def test_a_quiet_minute_costs_five_queries(amina: Employee, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    refresh_people([amina.pk])
    with django_assert_num_queries(5):
        apply_day_change()


def test_sign_in_days_are_kept_for_28_days(amina: Employee) -> None:
    for days in (0, 27, 28, 40):
        SignInDay.objects.create(employee=amina, date=TODAY - datetime.timedelta(days=days))
    apply_day_change()
    assert SignInDay.objects.count() == 2


@given(st.lists(st.text(max_size=20), max_size=5))
def test_folding_part_by_part_is_folding_the_whole(parts: list[str]) -> None:
    whole = fold(" ".join(parts)).split()
    assert [word for part in parts for word in fold(part).split()] == whole


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Muhamed Ikbal", "Mohammed Iqbal"),
        ("Christian", "Kristian"),
        ("Torbjørn", "Thorbjørn"),
        ("Silje", "Silie"),
        ("Wenche", "Venke"),
        ("Zofia", "Sofia"),
        ("Åse", "Aase"),
        ("Philip", "Filip"),
        ("Cecilie", "Sesilie"),
    ],
)
def test_what_sounds_alike_has_one_key(one: str, other: str) -> None:
    assert sound_key(one) == sound_key(other)


def test_at_night_everybody_is_found_by_what_is_true_now_and_old_words_go(amina: Employee, city: City) -> None:
    refresh_people([amina.pk])
    city.west.name = "Alna solside"
    city.west.save()
    assert refresh_words() >= 1
    words = set(SearchWord.objects.values_list("word", flat=True))
    assert {"amina", "hassan", "solside"} <= words
    assert "vest" not in words
    amina.refresh_from_db()
    assert " solside " in amina.search_text
    assert refresh_words() == 0
