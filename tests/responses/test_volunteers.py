"""Signing up: places never given twice, the waiting list in order, the leader's word."""

from __future__ import annotations

import datetime
import threading
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from core.errors import RefusedError
from directory.models import AuditEvent, Employee, RoleGrant
from directory.signals import employees_left
from notifications.models import Notification
from notifications.sweeping import rounds
from responses.actions import (
    answer_for_volunteer,
    close_answer_form,
    delete_old_answers,
    pick_volunteer,
    reopen_answer_form,
    sign_up,
    withdraw_sign_up,
)
from responses.models import AnswerForm, Need, Service, SignUp
from tests.conftest import City, MakeEmployee
from tests.responses.conftest import Ask, in_days

pytestmark = pytest.mark.django_db


def told(employee: Employee) -> list[str]:
    return list(Notification.objects.filter(recipient=employee).order_by("pk").values_list("kind", flat=True))


def state_of(employee: Employee) -> str:
    return SignUp.objects.get(employee=employee).state


@pytest.fixture
def three(make_employee: MakeEmployee, kari: Employee) -> list[Employee]:
    return [make_employee(f"Frivillig {number}", manager=kari) for number in range(3)]


def test_places_then_waiting_list_then_moving_up_in_order(ask: Ask, liv: Employee, three: list[Employee]) -> None:
    first, second, third = three
    form = ask(liv, "volunteers", places=1)
    for person in three:
        sign_up(actor=person, form=form)
    assert [state_of(person) for person in three] == ["signed_up", "waiting", "waiting"]
    withdraw_sign_up(actor=first, form=form)
    assert [state_of(person) for person in three] == ["withdrawn", "signed_up", "waiting"]
    assert (told(second), told(third)) == (["volunteer_moved_up"], [])
    sign_up(actor=first, form=form)
    withdraw_sign_up(actor=second, form=form)
    assert [state_of(person) for person in three] == ["waiting", "withdrawn", "signed_up"], "again means at the end"


def test_signing_up_twice_changes_only_the_note(ask: Ask, liv: Employee, three: list[Employee]) -> None:
    form = ask(liv, "volunteers")
    before = sign_up(actor=three[0], form=form, note="Somali")
    after = sign_up(actor=three[0], form=form, note="Somali og arabisk")
    assert (after.pk, after.queued_at, after.note) == (before.pk, before.queued_at, "Somali og arabisk")
    assert SignUp.objects.count() == 1


def test_more_places_move_the_list_up_and_fewer_are_refused(ask: Ask, liv: Employee, three: list[Employee]) -> None:
    form = ask(liv, "volunteers", places=1)
    for person in three:
        sign_up(actor=person, form=form)
    reopen_answer_form(actor=liv, form=form, deadline_at=in_days(2), places=2)
    assert [state_of(person) for person in three] == ["signed_up", "signed_up", "waiting"]
    with pytest.raises(RefusedError) as refusal:
        reopen_answer_form(actor=liv, form=form, deadline_at=in_days(2), places=1)
    assert refusal.value.field == "places"


def test_from_choice_by_the_leader_to_assigned(
    ask: Ask, liv: Employee, kari: Employee, thanh: Employee, three: list[Employee]
) -> None:
    form = ask(liv, "volunteers")
    mine = sign_up(actor=three[0], form=form)
    with pytest.raises(PermissionDenied):
        pick_volunteer(actor=kari, sign_up=mine)
    with pytest.raises(RefusedError):
        answer_for_volunteer(actor=kari, sign_up=mine, approve=True)
    pick_volunteer(actor=liv, sign_up=mine)
    assert told(kari) == ["volunteer_leader_asked"]
    assert SignUp.objects.led_by(kari).get() == mine
    assert not SignUp.objects.led_by(thanh).exists()
    with pytest.raises(PermissionDenied):
        answer_for_volunteer(actor=thanh, sign_up=mine, approve=True)
    answer_for_volunteer(actor=kari, sign_up=mine, approve=True)
    assert state_of(three[0]) == "assigned"
    assert (told(three[0]), told(liv)) == (["volunteer_assigned"], ["volunteer_leader_answered"])
    with pytest.raises(RefusedError):
        answer_for_volunteer(actor=kari, sign_up=mine, approve=False)
    event = AuditEvent.objects.get(verb="responses.assigned")
    assert (event.actor, event.subject) == (kari, three[0])
    withdraw_sign_up(actor=three[0], form=form)
    assert told(liv) == ["volunteer_leader_answered", "volunteer_withdrawn"]


def test_not_now_gives_the_place_to_the_next(ask: Ask, liv: Employee, kari: Employee, three: list[Employee]) -> None:
    form = ask(liv, "volunteers", places=1)
    mine = sign_up(actor=three[0], form=form)
    sign_up(actor=three[1], form=form)
    pick_volunteer(actor=liv, sign_up=mine)
    answer_for_volunteer(actor=kari, sign_up=mine, approve=False)
    assert [state_of(person) for person in three[:2]] == ["not_now", "signed_up"]
    assert told(three[0]) == ["volunteer_not_now"]
    sign_up(actor=three[0], form=form)
    assert state_of(three[0]) == "not_now", "signing up again does not pass the leader by"


def test_an_acting_leader_is_asked_too(
    ask: Ask, liv: Employee, kari: Employee, amina: Employee, three: list[Employee], city: City
) -> None:
    city.west.leader = kari
    city.west.save()
    RoleGrant.objects.create(employee=amina, role="acting_leader", unit=city.west)
    mine = sign_up(actor=three[0], form=ask(liv, "volunteers"))
    pick_volunteer(actor=liv, sign_up=mine)
    assert told(amina) == told(kari) == ["volunteer_leader_asked"]
    answer_for_volunteer(actor=Employee.objects.get(pk=amina.pk), sign_up=mine, approve=True)
    assert state_of(three[0]) == "assigned"


def test_who_has_no_leader_is_assigned_at_once(ask: Ask, liv: Employee, thanh: Employee) -> None:
    mine = sign_up(actor=thanh, form=ask(liv, "volunteers"))
    pick_volunteer(actor=liv, sign_up=mine)
    assert state_of(thanh) == "assigned"
    assert told(thanh) == ["volunteer_assigned"]


def test_closed_late_and_not_addressed(
    ask: Ask, liv: Employee, three: list[Employee], thanh: Employee, city: City
) -> None:
    form = ask(liv, "volunteers", places=1)
    for person in three[:2]:
        sign_up(actor=person, form=form)
    close_answer_form(actor=liv, form=form)
    with pytest.raises(RefusedError) as refusal:
        sign_up(actor=three[2], form=form)
    assert refusal.value.code == "conflict"
    withdraw_sign_up(actor=three[0], form=form)
    assert state_of(three[1]) == "signed_up", "withdrawing is always possible"
    with pytest.raises(RefusedError):
        withdraw_sign_up(actor=three[0], form=form)
    other = ask(liv, "volunteers", audience={"include": [{"kind": "unit", "id": city.water.public_id}]})
    with pytest.raises(PermissionDenied):
        sign_up(actor=three[0], form=other)
    sign_up(actor=thanh, form=other)
    with pytest.raises(RefusedError):
        sign_up(actor=three[0], form=ask(liv, "needs"))


def test_who_leaves_makes_room(ask: Ask, liv: Employee, three: list[Employee]) -> None:
    form = ask(liv, "volunteers", places=1)
    for person in three:
        sign_up(actor=person, form=form)
    employees_left.send(sender=Employee, employee_ids=[three[0].pk, three[1].pk])
    assert [state_of(person) for person in three] == ["withdrawn", "withdrawn", "signed_up"]


def test_answers_are_deleted_when_their_time_is_over(ask: Ask, liv: Employee, three: list[Employee]) -> None:
    form = ask(liv, "volunteers")
    sign_up(actor=three[0], form=form)
    fresh = ask(liv, "volunteers")
    sign_up(actor=three[0], form=fresh)
    AnswerForm.objects.filter(pk=form.pk).update(deadline_at=in_days(-91))
    AnswerForm.objects.filter(pk=fresh.pk).update(deadline_at=in_days(-89))
    assert delete_old_answers() == 1
    assert delete_old_answers() == 0
    assert list(SignUp.objects.values_list("form", flat=True)) == [fresh.pk]
    form.refresh_from_db()
    assert form.emptied_at
    with override_settings(ANSWERS_KEPT_DAYS=30):
        sweep = dict(rounds.items())["answers: retention"]
        assert sweep() in (0, 1)
    assert not Service.objects.exists()
    assert not Need.objects.exists()


def test_closing_early_counts_from_closing(ask: Ask, liv: Employee) -> None:
    form = ask(liv, "volunteers", deadline_at=in_days(300))
    close_answer_form(actor=liv, form=form)
    AnswerForm.objects.update(closed_at=timezone.now() - datetime.timedelta(days=91))
    assert delete_old_answers() == 1


@pytest.mark.django_db(transaction=True)
def test_two_hundred_at_once_never_get_more_than_a_hundred_places(
    ask: Ask, liv: Employee, make_employee: MakeEmployee
) -> None:
    people = [make_employee(f"Samtidig {number}", accepted=False, email=None) for number in range(200)]
    form = ask(liv, "volunteers", places=100)
    wrong: list[Any] = []
    begin = threading.Barrier(20)

    def come(mine: list[Employee]) -> None:
        try:
            begin.wait(timeout=60)
            for person in mine:
                sign_up(actor=person, form=form)
                if person.pk % 10 == 0:
                    withdraw_sign_up(actor=person, form=form)
        except Exception as error:
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=come, args=(people[start::20],)) for start in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    counts = form.sign_ups.counts()
    gone = sum(person.pk % 10 == 0 for person in people)
    assert counts["signed_up"] == 100
    assert counts["withdrawn"] == gone
    assert counts["waiting"] == 100 - gone
    last_placed = form.sign_ups.holding().order_by("-queued_at")[0].queued_at
    assert not form.sign_ups.waiting().filter(queued_at__lt=last_placed).exists(), "in the order they came"
