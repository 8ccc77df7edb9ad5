"""Queries put together once answer as those put together each time, and never for somebody else."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from core.prepared import Prepared, padded
from directory.models import Employee, RoleGrant

MakeEmployee = Callable[..., Employee]


def named(name: str, *keys: int) -> QuerySet[Employee]:
    found: QuerySet[Employee] = Employee.objects.filter(last_name=name, pk__in=keys)
    return found.select_related("primary_employment__unit")


def test_each_gets_the_own_answer(make_employee: MakeEmployee) -> None:
    amina, kari = make_employee("Amina Hassan"), make_employee("Kari Nordby")
    prepared = Prepared(named)
    for name, keys, expected in [
        ("Hassan", [amina.pk, kari.pk], [amina]),
        ("Nordby", [amina.pk, kari.pk], [kari]),
        ("Hassan", [kari.pk, kari.pk], []),
        ("Nordby", [kari.pk], [kari]),
    ]:
        assert list(prepared.ask(name, keys)) == list(named(name, *keys)) == expected


def test_the_parts_fetched_with_it_come_along(amina: Employee, django_assert_num_queries: Any) -> None:
    prepared = Prepared(named)
    with django_assert_num_queries(1):
        (found,) = prepared.ask("Hassan", [amina.pk])
        assert found.primary_employment is not None
        assert found.primary_employment.unit.name == "Alna vest"


def test_the_moment_is_that_of_asking(db: None) -> None:
    prepared: Prepared[Employee] = Prepared(
        lambda _, key: Employee.objects.filter(Q(pk=key) | Q(created_at__gt=timezone.now()))
    )
    assert list(prepared.ask(None, [0])) == []
    later = Employee.objects.create(username="later")
    Employee.objects.update(created_at=timezone.now() + datetime.timedelta(hours=1))
    assert list(prepared.ask(None, [0])) == [later]
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=2)):
        assert list(prepared.ask(None, [0])) == []


def test_a_new_day_is_a_new_statement(amina: Employee) -> None:
    RoleGrant.objects.create(employee=amina, role="hr", end_date=timezone.localdate())
    assert [grant.role for grant in amina.roles] == ["hr"]
    with time_machine.travel(timezone.now() + datetime.timedelta(days=2)):
        assert Employee.objects.get(pk=amina.pk).roles == []


@pytest.mark.parametrize(
    "build",
    [
        lambda _, key: Employee.objects.filter(created_at__gt=timezone.now() - datetime.timedelta(days=1), pk=key),
        lambda _, key: Employee.objects.filter(username=f"person {key}", pk=key),
        lambda _, key: Employee.objects.filter(pk=F("pk") + (key - key + 1)),
        lambda _, key: Employee.objects.filter(pk=key + 1),
        lambda _, key: Employee.objects.filter(pk__in=list(Employee.objects.filter(pk=key))),
    ],
    ids=["another moment", "a key within a text", "no key", "another key", "asked for too early"],
)
def test_what_would_be_wrong_for_others_is_refused(db: None, build: Callable[..., Any]) -> None:
    with pytest.raises(TypeError):
        Prepared(build).ask(None, [1])


def test_what_is_not_among_the_rights_cannot_be_read(amina: Employee) -> None:
    bearer = amina.rights.bearer(7)
    assert bearer.roles == amina.roles
    with pytest.raises(Employee.DoesNotExist):
        bearer.email  # noqa: B018 - reading it is the test
    with pytest.raises(Employee.DoesNotExist):
        bearer.primary_employment  # noqa: B018


def test_equal_rights_share_a_statement_and_others_do_not(make_employee: MakeEmployee) -> None:
    first, second = make_employee("Ingrid Solheim"), make_employee("Torstein Bakke")
    assert first.rights == second.rights
    RoleGrant.objects.create(employee=second, role="hr")
    assert first.rights != Employee.objects.get(pk=second.pk).rights


@pytest.mark.django_db(transaction=True)
def test_another_thread_asks_over_its_own_connection(make_employee: MakeEmployee) -> None:
    amina = make_employee("Amina Hassan")
    prepared = Prepared(named)
    assert list(prepared.ask("Hassan", [amina.pk])) == [amina]
    answers: list[Any] = []

    def ask() -> None:
        answers.extend(prepared.ask("Hassan", [amina.pk]))
        connection.close()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert answers == [amina]


@pytest.mark.parametrize(
    ("keys", "expected"), [([5], [5]), ([5, 6, 7], [5, 6, 7, 7]), ([1, 2, 3, 4, 5], [1, 2, 3, 4, 5] + [5] * 3)]
)
def test_lists_are_filled_up_to_few_lengths(keys: list[int], expected: list[int]) -> None:
    assert padded(keys) == expected
