"""Random histories of HR's files, brought in as HR brings them in: what stands at the end decides.

`TUNET_EXAMPLES=500` tries more histories than the few of every day.
"""

from __future__ import annotations

import datetime
import os
from dataclasses import dataclass, field
from typing import Any

import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, example, given, note, settings
from hypothesis import strategies as st

from core.clock import local_today
from directory.models import Employee, OrgUnit
from directory.people import due_for_change, refresh_people
from groups.actions import join_group, leave_group, save_audience
from groups.models import AudienceTerm, Group, Membership, OptOut
from onboarding.imports.actions import import_file
from onboarding.models import Enrolment, EnrolmentRule, ImportRun
from onboarding.reconcile import reconcile_enrolments
from tests.conftest import City
from tests.onboarding.hr import hr_file, hr_row

EXAMPLES = int(os.environ.get("TUNET_EXAMPLES", "8"))
# Making a failing history shorter would take minutes: it is told as it is.
PHASES = [phase for phase in Phase if phase not in (Phase.shrink, Phase.explain)]
PEOPLE, UNITS = 3, 3
TITLES = ("Helsefagarbeider", "Sykepleier")
# A job: unit, title, whether the first person leads it, days until it begins.
JOB = st.tuples(st.integers(0, UNITS - 1), st.integers(0, 1), st.booleans(), st.sampled_from([0, 0, 3]))
# What a file says of each person: up to two jobs, or nothing. A file without rows is refused.
FILE = st.tuples(*[st.lists(JOB, max_size=2, unique_by=lambda job: job[:2])] * PEOPLE).filter(any)
# What a person does meanwhile: joins or leaves a group by hand.
DEED = st.none() | st.tuples(st.integers(0, PEOPLE - 1), st.integers(0, 5), st.booleans())
HISTORY = st.lists(st.tuples(FILE, DEED, st.integers(0, 9)), min_size=1, max_size=4)
# The last file lets a leader go, and still names them as somebody's.
LEADER_GOES: list[Any] = [
    (([(0, 0, False, 0)], [(0, 0, True, 0)], []), None, 2),
    (([], [(0, 0, True, 0)], []), None, 2),
]
# One whose only job was taken back before it began is named as a leader by the files that follow.
LEADER_NEVER_BEGAN: list[Any] = [
    (([(1, 0, False, 3)], [], []), None, 0),
    (([], [], [(0, 1, True, 0)]), None, 9),
    (([], [], [(0, 0, True, 0)]), None, 8),
]


@dataclass
class World:
    """The rules, and when each job of the files began."""

    units: list[OrgUnit]
    groups: list[Group] = field(default_factory=list)
    began: dict[tuple[int, int, int], datetime.date] = field(default_factory=dict)

    def add_rule(self, terms: list[AudienceTerm], *groups: int, **facts: Any) -> None:
        """Let those the terms describe into these groups."""
        rule = EnrolmentRule.objects.create(audience=save_audience(terms=terms), **facts)
        rule.groups.set([self.groups[number] for number in groups])

    def file(self, said: tuple[list[tuple[int, int, bool, int]], ...]) -> Any:
        """Return the whole file that says this today; a job that stood in the last one began when it did."""
        rows, began = [], {}
        for person, jobs in enumerate(said):
            for unit, title, is_led, ahead in jobs:
                key = (person, unit, title)
                began[key] = self.began.get(key, local_today() + datetime.timedelta(days=ahead))
                rows.append(self._row(key, began[key], led=is_led and person > 0))
        self.began = began
        return hr_file(*rows)

    def _row(self, key: tuple[int, int, int], start: datetime.date, *, led: bool) -> dict[str, str]:
        person, unit, title = key
        where = self.units[unit]
        agency = where.agency or where
        return hr_row(
            ansattnr=f"90000{person}",
            etternavn=["Ness", "Vik", "Li"][person],
            virksomhetskode=agency.code,
            virksomhet=agency.name,
            enhetskode=where.code,
            enhet=where.name,
            stilling=TITLES[title],
            startdato=start.isoformat(),
            leder_ansattnr="900000" if led else None,
        )


def make_world(city: City) -> World:
    """Overlapping rules of every kind: units, jobs, leaders, all but some, the new; with and without grace."""
    world = World([city.west, city.east, city.water])
    world.groups = [Group.objects.create(name=f"Gruppe {number}") for number in range(6)]
    world.add_rule([AudienceTerm(kind="unit", unit=city.west)], 0, 1, may_leave=False)
    world.add_rule([AudienceTerm(kind="unit", unit=city.alna)], 1, 2, grace_days=7)
    world.add_rule([AudienceTerm(kind="job_family", job_family=city.carers)], 1, 3, branch=city.alna)
    world.add_rule([AudienceTerm(kind="leaders")], 3, may_leave=False, grace_days=7)
    without = AudienceTerm(kind="unit", unit=city.water, exclude=True)
    world.add_rule([AudienceTerm(kind="everyone"), without], 4, grace_days=3)
    world.add_rule([AudienceTerm(kind="everyone")], 5, ends_after_days=90)
    return world


def bring_in(file: Any) -> ImportRun:
    run = import_file(actor=None, file=file, file_name="hr.csv", is_delta=False)
    assert run.state == "applied", run.summary
    return run


def begin_day() -> None:
    """What midnight changes."""
    refresh_people(due_for_change(local_today()))
    reconcile_enrolments()


def act(world: World, deed: tuple[int, int, bool] | None) -> None:
    """Somebody joins or leaves a group by hand, where that can be done."""
    who, number, joins = deed or (-1, 0, True)
    person = Employee.objects.active().filter(employee_number=f"90000{who}").first()
    if person is None:
        return
    mine = Membership.objects.filter(group=world.groups[number], employee=person).first()
    if joins:
        join_group(actor=person, group=world.groups[number])
    elif mine and mine.may_leave:
        leave_group(actor=person, group=world.groups[number])


def standing(but: Group | None = None) -> set[Any]:
    """The memberships of those who work here, with how they are held."""
    rows = Membership.objects.active().exclude(group=but)
    names = ("group__name", "employee__employee_number", "may_leave", "by_hand", "reason__name", "reading_until")
    return set(rows.values_list(*names))


@settings(max_examples=EXAMPLES, phases=PHASES, deadline=None, suppress_health_check=list(HealthCheck))
@given(history=HISTORY)
@example(history=LEADER_GOES)
@example(history=LEADER_NEVER_BEGAN)
def test_final_state_decides_twice_is_once_and_hands_stay(history: list[Any], city: City) -> None:
    note(repr(history))
    now = timezone.now()
    with transaction.atomic():
        world = make_world(city)
        unlived = transaction.savepoint()
        for said, deed, days in history:
            with time_machine.travel(now, tick=False):
                begin_day()
                bring_in(world.file(said))
                act(world, deed)
            now += datetime.timedelta(days=days)
        with time_machine.travel(now + datetime.timedelta(days=30), tick=False):
            begin_day()
        with time_machine.travel(now + datetime.timedelta(days=60), tick=False):
            begin_day()
            check_twice_is_once(world.file(history[-1][0]))
            lived = standing(but=world.groups[5])
            hands, left = by_hand(), gone()
            check_computed_anew()
            transaction.savepoint_rollback(unlived)
            assert afresh(world, history[-1][0], hands, left) == lived
        transaction.set_rollback(True)


def check_twice_is_once(file: Any) -> None:
    """The last file again, and the rules again: nothing is written."""
    before = standing()
    assert bring_in(file).summary["written"] == 0, "the same file again"
    assert not reconcile_enrolments().changed
    assert standing() == before


def check_computed_anew() -> None:
    """What the rules hold up is what they would give from nothing."""
    lived = standing()
    Enrolment.objects.all().delete()
    Membership.objects.filter(by_hand=False).delete()
    reconcile_enrolments()
    assert standing() == lived


def by_hand() -> list[tuple[int, str | None]]:
    rows = Membership.objects.active().filter(by_hand=True)
    return list(rows.values_list("group", "employee__employee_number"))


def gone() -> list[tuple[int, str | None]]:
    return list(OptOut.objects.values_list("group", "employee__employee_number"))


def afresh(
    world: World, said: Any, hands: list[tuple[int, str | None]], left: list[tuple[int, str | None]]
) -> set[Any]:
    """The memberships where nothing but the last file, and what people chose themselves, has ever happened."""
    bring_in(world.file(said))
    ids = dict(Employee.objects.values_list("employee_number", "pk"))
    Membership.objects.filter(by_hand=False).delete()
    Enrolment.objects.all().delete()
    Membership.objects.bulk_create(Membership(group_id=group, employee_id=ids[number]) for group, number in hands)
    OptOut.objects.bulk_create(
        OptOut(group_id=group, employee_id=ids[number]) for group, number in left if number in ids
    )
    reconcile_enrolments()
    return standing(but=world.groups[5])
