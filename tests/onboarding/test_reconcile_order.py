"""Whatever the order of moves and whenever it is reconciled: the same facts give the same memberships."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.clock import local_today
from directory.actions import refresh_people
from directory.models import Employee, Employment, OrgUnit
from groups.actions import save_audience
from groups.models import AudienceTerm, Group, Membership
from onboarding.models import Enrolment, EnrolmentRule
from onboarding.reconcile import reconcile_enrolments
from tests.conftest import City

UNITS = 3
GRACES = (0, 0, 7)
# person, unit (None: leaves), reconcile everyone / only the person / not at all, days until the next move
MOVES = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.none() | st.integers(0, UNITS - 1),
        st.sampled_from(["everyone", "person", "later"]),
        st.integers(0, 5),
    ),
    max_size=6,
)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=MOVES, may_leave=st.tuples(st.booleans(), st.booleans(), st.booleans()))
def test_any_order_ends_as_a_fresh_computation(
    moves: list[tuple[int, int | None, str, int]],
    may_leave: tuple[bool, bool, bool],
    city: City,
    make_employee: Callable[..., Employee],
) -> None:
    with transaction.atomic():
        units = [city.west, city.alna, city.water]
        people = [make_employee(f"Per{n} Vik", unit=units[n], email=None) for n in (0, 1)]
        _make_rules(units, may_leave)
        now = timezone.now()
        for person, unit, reconciled, days in moves:
            with time_machine.travel(now, tick=False):
                _move(people[person], None if unit is None else units[unit])
                if reconciled != "later":
                    ids = [people[person].pk] if reconciled == "person" else None
                    reconcile_enrolments(employee_ids=ids)
            now += datetime.timedelta(days=days)
        # A job that was taken back leaves no date: its days of grace begin when that is found out.
        with time_machine.travel(now + datetime.timedelta(days=30), tick=False):
            reconcile_enrolments()
        with time_machine.travel(now + datetime.timedelta(days=60), tick=False):
            reconcile_enrolments()
            lived = _memberships()
            Enrolment.objects.all().delete()
            Membership.objects.all().delete()
            reconcile_enrolments()
            assert _memberships() == lived
        transaction.set_rollback(True)


def _make_rules(units: list[OrgUnit], may_leave: tuple[bool, bool, bool]) -> None:
    groups = [Group.objects.create(name=f"Gruppe {n}") for n in range(UNITS)]
    for number, unit in enumerate(units):
        audience = save_audience(terms=[AudienceTerm(kind="unit", unit=unit)])
        rule = EnrolmentRule.objects.create(audience=audience, may_leave=may_leave[number], grace_days=GRACES[number])
        rule.groups.set([groups[number], groups[(number + 1) % UNITS]])


def _move(person: Employee, unit: OrgUnit | None) -> None:
    yesterday = local_today() - datetime.timedelta(days=1)
    for job in Employment.objects.current().filter(employee=person):
        if job.start_date > yesterday:
            job.delete()
        else:
            job.end_date = yesterday
            job.save()
    if unit:
        Employment.objects.create(
            employee=person, unit=unit, title="x", position_key=unit.code, start_date=local_today()
        )
    refresh_people([person.pk])


def _memberships() -> set[tuple[int, int, bool, str]]:
    rows = Membership.objects.values_list("group_id", "employee_id", "may_leave", "reason__name")
    return set(rows)
