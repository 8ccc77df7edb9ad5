from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.clock import local_today
from directory.actions import refresh_people
from directory.models import Employee, Employment, JobFamily, OrgUnit
from groups.actions import (
    join_group,
    leave_group,
    remove_member,
    save_audience,
    set_notification_level,
    set_role,
)
from groups.models import AudienceTerm, Group, Membership
from onboarding.models import Enrolment, EnrolmentRule
from onboarding.reconcile import reconcile_enrolments
from tests.conftest import City

MakeRule = Callable[..., EnrolmentRule]
MakeEmployee = Callable[..., Employee]
MakeGroup = Callable[..., Group]


@pytest.fixture
def make_rule(db: None) -> MakeRule:
    """Store a rule: `make_rule(groups=[…], include=[city.west, "leaders"], exclude=[…], may_leave=False)`."""

    def term(one: Any, exclude: bool) -> AudienceTerm:
        if isinstance(one, OrgUnit):
            return AudienceTerm(kind="unit", unit=one, exclude=exclude)
        if isinstance(one, JobFamily):
            return AudienceTerm(kind="job_family", job_family=one, exclude=exclude)
        if isinstance(one, int):
            return AudienceTerm(kind="started_within", days=one, exclude=exclude)
        return AudienceTerm(kind=one, exclude=exclude)

    def make(groups: list[Group], include: list[Any], exclude: Any = (), **facts: Any) -> EnrolmentRule:
        terms = [term(one, False) for one in include] + [term(one, True) for one in exclude]
        rule = EnrolmentRule.objects.create(audience=save_audience(terms=terms), **facts)
        rule.groups.set(groups)
        return rule

    return make


def members(group: Group) -> set[Employee]:
    return {membership.employee for membership in group.memberships.select_related("employee")}


def move(employee: Employee, unit: OrgUnit, family: JobFamily | None = None) -> None:
    """What the import makes of a move: the old job ended yesterday, the new one begins today."""
    today = local_today()
    for job in Employment.objects.current().filter(employee=employee):
        job.end_date = max(job.start_date, today - datetime.timedelta(days=1))
        job.save()
        if job.start_date == today:
            job.delete()
    Employment.objects.create(
        employee=employee,
        unit=unit,
        title="Ny jobb",
        position_key=f"ny {unit.code} {family}",
        job_family=family,
        start_date=today,
    )
    refresh_people([employee.pk])


def test_everyone_in_the_branch_is_put_in_with_the_reason(
    city: City, amina: Employee, kari: Employee, thanh: Employee, make_group: MakeGroup, make_rule: MakeRule
) -> None:
    section, district = make_group("Alna vest", "closed"), make_group("Bydel Alna – alle")
    make_rule([section], [city.west], may_leave=False)
    make_rule([section, district], [city.alna])

    summary = reconcile_enrolments()

    assert members(section) == members(district) == {amina, kari}
    mine = Membership.objects.get(group=section, employee=amina)
    assert mine.reason == {"kind": "unit", "name": "Alna vest"}
    assert not mine.by_hand
    assert not mine.may_leave
    other = Membership.objects.get(group=district, employee=amina)
    assert other.reason == {"kind": "unit", "name": "Bydel Alna"}
    assert other.may_leave
    assert summary.joined == 4
    assert summary.enrolled == 6


def test_again_writes_nothing(city: City, amina: Employee, make_group: MakeGroup, make_rule: MakeRule) -> None:
    make_rule([make_group("Alna vest")], [city.west, "leaders"], grace_days=14)
    assert reconcile_enrolments().changed
    assert not reconcile_enrolments().changed
    assert not reconcile_enrolments(employee_ids=[amina.pk]).changed


def test_dry_run_tells_and_stores_nothing(
    city: City, amina: Employee, make_group: MakeGroup, make_rule: MakeRule
) -> None:
    group = make_group("Alna vest")
    make_rule([group], [city.west])

    assert reconcile_enrolments(dry_run=True).joined == 2
    assert members(group) == set()
    assert not Enrolment.objects.exists()


def test_leaving_the_unit_leaves_its_groups(
    city: City, amina: Employee, make_group: MakeGroup, make_rule: MakeRule
) -> None:
    section, district, other = make_group("Alna vest"), make_group("Bydel Alna"), make_group("Vann")
    make_rule([section], [city.west])
    make_rule([district], [city.alna])
    make_rule([other], [city.water])
    reconcile_enrolments()

    move(amina, city.east)
    reconcile_enrolments(employee_ids=[amina.pk])
    assert amina not in members(section)
    assert amina in members(district)

    move(amina, city.water)
    reconcile_enrolments(employee_ids=Employee.objects.filter(pk=amina.pk))
    assert amina not in members(district)
    assert amina in members(other)


def test_overlapping_rules_hold_a_membership_while_one_does(
    city: City, amina: Employee, make_group: MakeGroup, make_rule: MakeRule
) -> None:
    group = make_group("Fagnett")
    make_rule([group], [city.west], may_leave=False)
    make_rule([group], [city.carers])
    reconcile_enrolments()
    assert not Membership.objects.get(group=group, employee=amina).may_leave

    move(amina, city.water, city.carers)
    reconcile_enrolments()
    mine = Membership.objects.get(group=group, employee=amina)
    assert mine.may_leave
    assert mine.reason == {"kind": "job_family", "name": "Helsefagarbeider"}

    move(amina, city.water)
    reconcile_enrolments()
    assert amina not in members(group)


def test_who_joined_by_hand_stays(city: City, amina: Employee, make_group: MakeGroup, make_rule: MakeRule) -> None:
    group = make_group("Alna vest")
    join_group(actor=amina, group=group)
    make_rule([group], [city.west], may_leave=False)
    reconcile_enrolments()
    mine = Membership.objects.get(group=group, employee=amina)
    assert (mine.by_hand, mine.may_leave, mine.reason["name"]) == (True, False, "Alna vest")

    move(amina, city.water)
    reconcile_enrolments()
    mine.refresh_from_db()
    assert (mine.by_hand, mine.may_leave, mine.reason) == (True, True, {})


def test_who_left_is_not_put_back_into_what_may_be_left(
    city: City, amina: Employee, kari: Employee, make_group: MakeGroup, make_rule: MakeRule
) -> None:
    optional, fixed, removed = make_group("Kaffe"), make_group("Alna vest"), make_group("Prat", owner=kari)
    for group in (optional, fixed):
        join_group(actor=amina, group=group)
        leave_group(actor=amina, group=group)
    make_rule([optional, removed], [city.west])
    rule = make_rule([fixed], [city.west], may_leave=False)
    reconcile_enrolments()
    assert amina not in members(optional)
    assert amina in members(fixed)

    remove_member(actor=kari, group=removed, employee=amina)
    rule.groups.add(removed)
    reconcile_enrolments()
    assert amina not in members(removed)
    assert not Enrolment.objects.in_force().filter(group=removed, employee=amina).exists()


def test_leaving_within_what_may_be_left_ends_the_enrolment(
    city: City, amina: Employee, make_group: MakeGroup, make_rule: MakeRule
) -> None:
    group = make_group("Kaffe")
    make_rule([group], [city.west])
    reconcile_enrolments()
    leave_group(actor=amina, group=group)

    assert reconcile_enrolments().ended == 1
    assert amina not in members(group)


def test_days_of_grace(city: City, amina: Employee, make_group: MakeGroup, make_rule: MakeRule) -> None:
    group = make_group("Alna vest")
    make_rule([group], [city.west], grace_days=14, may_leave=False)
    reconcile_enrolments()
    move(amina, city.water)
    assert reconcile_enrolments().grace_begun == 1
    mine = Membership.objects.get(group=group, employee=amina)
    assert mine.may_leave
    assert mine.reason["name"] == "Alna vest"

    with time_machine.travel(timezone.now() + datetime.timedelta(days=13)):
        assert not reconcile_enrolments().changed
        assert amina in members(group)
    with time_machine.travel(timezone.now() + datetime.timedelta(days=14)):
        assert reconcile_enrolments().left == 1
        assert amina not in members(group)


def test_back_within_grace_stays(city: City, amina: Employee, make_group: MakeGroup, make_rule: MakeRule) -> None:
    group = make_group("Alna vest")
    make_rule([group], [city.west], grace_days=14)
    reconcile_enrolments()
    move(amina, city.water)
    reconcile_enrolments()
    move(amina, city.west)
    reconcile_enrolments()

    with time_machine.travel(timezone.now() + datetime.timedelta(days=30)):
        assert not reconcile_enrolments().changed
        assert amina in members(group)


def test_left_during_grace_is_left(city: City, amina: Employee, make_group: MakeGroup, make_rule: MakeRule) -> None:
    group = make_group("Alna vest")
    make_rule([group], [city.west], grace_days=14, may_leave=False)
    reconcile_enrolments()
    move(amina, city.water)
    reconcile_enrolments()
    leave_group(actor=amina, group=group)

    assert reconcile_enrolments().ended == 1
    assert amina not in members(group)


def test_whoever_comes_back_comes_back_to_what_they_chose(
    city: City, amina: Employee, make_group: MakeGroup, make_rule: MakeRule
) -> None:
    quiet, loud, open_to_all = make_group("Alna vest"), make_group("Alna"), make_group("Turlaget", "open")
    make_rule([quiet, loud], [city.west])
    reconcile_enrolments()
    join_group(actor=amina, group=open_to_all)
    for group, level in ((quiet, "quiet"), (loud, "all"), (open_to_all, "quiet")):
        set_notification_level(actor=amina, group=group, level=level)
    leave_group(actor=amina, group=open_to_all)
    move(amina, city.water)
    assert reconcile_enrolments().left == 2

    move(amina, city.west)
    reconcile_enrolments()
    join_group(actor=amina, group=open_to_all)
    levels = dict(amina.memberships.values_list("group__name", "notification_level"))
    assert levels == {"Alna vest": "quiet", "Alna": "all", "Turlaget": "quiet"}


def test_rule_for_the_new_ends_by_itself(
    city: City, make_employee: MakeEmployee, amina: Employee, make_group: MakeGroup, make_rule: MakeRule
) -> None:
    group, thirty = make_group("Ny i Oslo kommune"), make_group("Første måned")
    make_rule([group], ["everyone"], ends_after_days=90)
    make_rule([thirty], [30])
    sunniva = make_employee("Sunniva Dahl", started_days_ago=0)
    reconcile_enrolments()
    assert members(group) == members(thirty) == {sunniva}
    assert Membership.objects.get(group=group).reason == {"kind": "started_within", "name": "90"}

    with time_machine.travel(timezone.now() + datetime.timedelta(days=31)):
        move(sunniva, city.water)
        reconcile_enrolments()
        assert members(group) == {sunniva}
        assert members(thirty) == set()
    with time_machine.travel(timezone.now() + datetime.timedelta(days=90)):
        reconcile_enrolments()
        assert members(group) == set()


def test_switching_a_rule_off_takes_its_people_out(
    city: City, amina: Employee, make_group: MakeGroup, make_rule: MakeRule
) -> None:
    group = make_group("Alna vest")
    rule = make_rule([group], [city.west])
    reconcile_enrolments()
    EnrolmentRule.objects.filter(pk=rule.pk).update(is_active=False)

    assert reconcile_enrolments().left == 2
    assert members(group) == set()


def test_leaver_goes_and_returns(city: City, amina: Employee, make_group: MakeGroup, make_rule: MakeRule) -> None:
    group = make_group("Alna vest")
    make_rule([group], [city.west], grace_days=14)
    reconcile_enrolments()
    Employment.objects.filter(employee=amina).update(end_date=local_today() - datetime.timedelta(days=1))
    refresh_people([amina.pk])
    reconcile_enrolments()
    assert amina not in members(group)

    move(amina, city.west)
    reconcile_enrolments()
    assert amina in members(group)


def test_an_owner_is_never_taken_by_a_rule(
    city: City, amina: Employee, kari: Employee, make_group: MakeGroup, make_rule: MakeRule
) -> None:
    group = make_group("Alna vest", owner=kari)
    make_rule([group], [city.west])
    reconcile_enrolments()
    set_role(actor=kari, group=group, employee=amina, role="owner")
    move(amina, city.water)
    reconcile_enrolments()

    assert amina in members(group)


def test_sensitive_groups_take_no_rules(
    city: City, amina: Employee, make_group: MakeGroup, make_rule: MakeRule
) -> None:
    group = make_group("Fagforening", "closed", sensitive=True)
    make_rule([group], [city.west])

    assert not reconcile_enrolments().changed


def test_leaders_and_exceptions(
    city: City, amina: Employee, kari: Employee, thanh: Employee, make_group: MakeGroup, make_rule: MakeRule
) -> None:
    leaders, rest = make_group("Ledere"), make_group("Resten")
    make_rule([leaders], ["leaders"])
    make_rule([rest], ["everyone"], exclude=["leaders"])
    reconcile_enrolments()

    assert members(leaders) == {kari}
    assert members(rest) == {amina, thanh}
    assert Membership.objects.get(group=leaders).reason == {"kind": "leaders", "name": ""}


def test_only_those_asked_for_are_touched(
    city: City, amina: Employee, kari: Employee, make_group: MakeGroup, make_rule: MakeRule
) -> None:
    group = make_group("Alna vest")
    rule = make_rule([group], [city.west])
    reconcile_enrolments(employee_ids=[amina.pk])
    assert members(group) == {amina}
    reconcile_enrolments()
    rule.groups.clear()
    reconcile_enrolments(employee_ids=[kari.pk])
    assert members(group) == {amina}
    assert not reconcile_enrolments(employee_ids=[]).changed


def test_statements_do_not_grow_with_people(
    city: City, make_employee: MakeEmployee, amina: Employee, make_group: MakeGroup, make_rule: MakeRule
) -> None:
    make_rule([make_group("Alna vest")], [city.west])
    with CaptureQueriesContext(connection) as few:
        reconcile_enrolments()
    for number in range(5):
        make_employee(f"Person Nummer{number}")
    with CaptureQueriesContext(connection) as more:
        reconcile_enrolments()
    assert len(few) == len(more) <= 40
