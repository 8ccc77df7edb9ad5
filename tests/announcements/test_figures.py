"""The figures: right at every moment, and telling of nobody."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from announcements.actions import acknowledge, add_newcomers, mark_delivered, mark_seen, publish_announcement, remind
from announcements.actions.writing import draft_announcement
from announcements.figures import read_figures, read_listed_figures
from announcements.models import Announcement, FigureSnapshot
from announcements.unit_figures import read_unit_figures
from directory.models import Employee, OrgUnit
from tests.announcements.conftest import Announce, content, deliver_all, one_pair_of_eyes
from tests.conftest import City, MakeEmployee, make_unit

pytestmark = pytest.mark.django_db


class Ledger(RuleBasedStateMachine):
    """People come, go, read and confirm in any order; the sums must hold after each step."""

    make: MakeEmployee
    author: Employee

    @initialize()
    def send(self) -> None:
        one_pair_of_eyes()
        draft = draft_announcement(actor=self.author, content=content(self.author, asks_confirmation=True))
        self.sent = publish_announcement(actor=self.author, announcement=draft)
        deliver_all()
        self.sent.refresh_from_db()

    def someone(self, number: int) -> Employee:
        people: list[Employee] = list(Employee.objects.order_by("pk"))
        return people[number % len(people)]

    @rule(number=st.integers(0, 50))
    def is_delivered(self, number: int) -> None:
        mark_delivered(employee=self.someone(number), announcements=[self.sent])

    @rule(number=st.integers(0, 50))
    def sees(self, number: int) -> None:
        mark_seen(employee=self.someone(number), announcement=self.sent)

    @rule(number=st.integers(0, 50))
    def confirms(self, number: int) -> None:
        person = self.someone(number)
        if person.receipts.filter(announcement=self.sent).exists():
            acknowledge(employee=person, announcement=self.sent)

    @rule(number=st.integers(0, 50))
    def leaves_or_returns(self, number: int) -> None:
        person = self.someone(number)
        if person != self.author:
            Employee.objects.filter(pk=person.pk).update(is_active=not person.is_active)

    @rule()
    def is_hired(self) -> None:
        self.make(f"Ny {Employee.objects.count()}")
        add_newcomers()

    @invariant()
    def sums_hold(self) -> None:
        if not hasattr(self, "sent"):
            return
        figures = self.sent.receipts.totals()
        assert figures["audience"] == figures["frozen"] + figures["joined_later"] == self.sent.receipts.count()
        assert figures["active"] == figures["audience"] - figures["left"] == figures["seen"] + figures["unseen"]
        assert 0 <= figures["acknowledged"] <= figures["seen"] <= figures["delivered"] <= figures["active"]


def test_the_arithmetic_holds_at_every_moment(make_employee: MakeEmployee, liv: Employee) -> None:
    for number in range(5):
        make_employee(f"Person {number}")
    Ledger.make, Ledger.author = staticmethod(make_employee), liv
    checks = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
    run_state_machine_as_test(
        Ledger, settings=settings(max_examples=8, stateful_step_count=20, deadline=None, suppress_health_check=checks)
    )


@pytest.fixture
def crowd(make_employee: MakeEmployee, city: City) -> dict[str, list[Employee]]:
    """Alna with 25 and 30 in its sections, Water with 60, and a small agency of 4."""
    small = make_unit("SMÅ", "Småetaten", city.whole, "agency")
    sizes: list[tuple[str, OrgUnit, int]] = [
        ("west", city.west, 25), ("east", city.east, 30), ("water", city.water, 60), ("small", small, 4),
    ]  # fmt: skip
    return {name: [make_employee(f"{name} {n}", unit=unit) for n in range(count)] for name, unit, count in sizes}


def see(people: list[Employee], sent: Announcement) -> None:
    for person in people:
        mark_seen(employee=person, announcement=sent)


def shares(sent: Announcement, within: OrgUnit | None = None) -> dict[str, int | None]:
    return {row.unit.name: row.share for row in read_unit_figures(sent, within)}


def test_units_furthest_behind_first_and_hidden_last(
    announce: Announce, liv: Employee, crowd: dict[str, list[Employee]]
) -> None:
    sent = announce(liv)
    see(crowd["water"][:45] + crowd["west"] + crowd["east"], sent)
    found = read_unit_figures(sent)
    # Four in the small agency and Liv in the organisation itself are five: the next smallest is hidden too.
    assert [(row.unit.name, row.share) for row in found] == [
        ("Vann- og avløpsetaten", 75),
        ("Bydel Alna", None),
        ("Småetaten", None),
    ]


def test_small_units_are_renewed_every_thirty_minutes(
    announce: Announce, liv: Employee, crowd: dict[str, list[Employee]], city: City
) -> None:
    everyone = {"include": [{"kind": "unit", "id": unit.public_id} for unit in (city.alna, city.water)]}
    sent = announce(liv, everyone)
    within = city.home_care
    assert shares(sent, within) == {"Alna vest": 0, "Alna øst": 0}
    see(crowd["west"], sent)
    assert shares(sent, within) == {"Alna vest": 0, "Alna øst": 0}, "as it stood"
    assert shares(sent)["Bydel Alna"] == 25 * 100 // 55, "larger ones move at once"
    FigureSnapshot.objects.update(taken_at=timezone.now() - datetime.timedelta(minutes=31))
    assert shares(sent, within) == {"Alna vest": 100, "Alna øst": 0}


def test_totals_of_small_audiences_move_every_thirty_minutes(
    announce: Announce, liv: Employee, crowd: dict[str, list[Employee]], city: City
) -> None:
    sent = announce(liv, {"include": [{"kind": "unit", "id": city.west.public_id}]})
    assert read_figures(sent).seen == 0
    see(crowd["west"][:9], sent)
    Employee.objects.filter(pk=crowd["west"][20].pk).update(is_active=False)
    figures = read_figures(sent)
    assert (figures.seen, figures.active, figures.left) == (0, 25, 0), "the denominator too"
    assert figures.as_of
    FigureSnapshot.objects.update(taken_at=timezone.now() - datetime.timedelta(minutes=31))
    assert (read_figures(sent).seen, read_figures(sent).active) == (9, 24)


def test_below_ten_there_are_no_figures(
    announce: Announce, liv: Employee, crowd: dict[str, list[Employee]], city: City
) -> None:
    small = OrgUnit.objects.get(code="SMÅ")
    sent = announce(liv, {"include": [{"kind": "unit", "id": small.public_id}]})
    figures = read_figures(sent)
    assert (figures.shown, figures.unseen, figures.delivered) == (False, None, None)
    assert read_unit_figures(sent) == []
    assert not read_listed_figures([sent])[sent.pk].shown
    assert remind(actor=liv, announcement=sent, to="unseen").count == 4


def test_larger_totals_move_at_once(announce: Announce, liv: Employee, crowd: dict[str, list[Employee]]) -> None:
    sent = announce(liv)
    see(crowd["water"][:12], sent)
    assert read_figures(sent).seen == 12
    assert read_listed_figures([sent])[sent.pk].seen == 12


def test_reading_all_of_it_takes_few_queries(
    announce: Announce, liv: Employee, crowd: dict[str, list[Employee]], django_assert_max_num_queries: Any
) -> None:
    sent = announce(liv)
    with django_assert_max_num_queries(3):
        read_unit_figures(sent)
