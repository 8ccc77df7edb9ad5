"""Whom an invitation would reach, by which road, when, and what it costs: worked out before anything is stored."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Min, Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.clock import local_moment, local_today
from directory.models import Employee, Employment, Organisation
from notifications.channels import email, sms
from notifications.channels.numbers import number_of
from onboarding.models import Invitation
from onboarding.sign_in_codes.codes import LENGTH, has_facts

Road = Invitation.Road
# How far ahead one invites.
DAYS_AHEAD = 30
USUAL_HOUR = datetime.time(7, 30)
WHO = {
    "coming": _("Those who begin within 30 days"),
    "begun": _("Those who have begun and never signed in"),
}


@dataclass(frozen=True)
class Planned:
    """One person, and how and when they are invited."""

    employee: Employee
    road: str
    send_at: datetime.datetime


@dataclass
class Plan:
    """What would happen."""

    people: list[Planned] = field(default_factory=list)
    # HR lacks the facts a code is bound to.
    without_facts: list[Employee] = field(default_factory=list)

    @property
    def by_road(self) -> dict[str, int]:
        """How many by each road."""
        counted = Counter(one.road for one in self.people)
        return {str(road): counted[road] for road in Road.values}

    @property
    def price(self) -> Decimal | None:
        """What the text messages cost, in kroner; None when nobody has said, or none are sent."""
        texts = self.by_road[Road.SMS]
        return sms.price_of(texts, sms.parts_of(_longest_text())) if texts else None

    @property
    def first_at(self) -> datetime.datetime | None:
        """When the first of them goes."""
        sent = [one.send_at for one in self.people if one.road != Road.LETTER]
        return min(sent, default=None)


def make_plan(people: QuerySet[Employee], hour: datetime.time) -> Plan:
    """Return how these people would be invited: on the first day at `hour`, or at the next such hour."""
    plan = Plan()
    for person in people.annotate(first_date=Min("employments__start_date")).order_by("first_date", "sort_key", "pk"):
        if has_facts(person):
            plan.people.append(Planned(person, road_for(person), _when(person.first_date, hour)))
        else:
            plan.without_facts.append(person)
    return plan


def may_be_invited(actor: Employee | None, who: str) -> QuerySet[Employee]:
    """Those who never signed in and wait for no invitation, in the branch `actor` brings people into."""
    today = local_today()
    people: QuerySet[Employee] = Employee.objects.people().filter(first_signed_in_at=None)
    people = people.exclude(pk__in=Invitation.objects.waiting().values("employee"))
    if who == "coming":
        ahead = today + datetime.timedelta(days=DAYS_AHEAD)
        people = people.filter(is_active=False, employments__start_date__range=(today, ahead), left_date=None)
    else:
        invited = Invitation.objects.filter(cancelled_at=None).values("employee")
        people = people.filter(is_active=True).exclude(pk__in=invited)
    return people.filter(_branch(actor)).distinct()


def road_for(person: Employee) -> str:
    """Return the road that reaches the person before the first working day: telephone, e-mail, else paper."""
    if sms.is_on() and number_of(person):
        return str(Road.SMS)
    return str(Road.EMAIL if email.is_on() and person.email else Road.LETTER)


def _branch(actor: Employee | None) -> Q:
    if actor is None or actor.has_role_everywhere("hr"):
        return Q()
    paths = actor.role_paths("hr")
    wanted = Q(pk__in=[])
    for path in paths:
        wanted |= Q(employments__unit__path__startswith=path)
    return wanted


def _when(first_date: datetime.date | None, hour: datetime.time) -> datetime.datetime:
    """At `hour` of the first day, or of the first day that is still to come."""
    day = max(first_date or local_today(), local_today())
    moment = local_moment(day, hour)
    if moment is None or moment < timezone.now():
        moment = local_moment(day + datetime.timedelta(days=1), hour)
    return moment or timezone.now()


def _longest_text() -> str:
    words = {"organisation": Organisation.load(), "link": f"https://{'x' * 24}/first/#{'X' * LENGTH}"}
    return " ".join(render_to_string("onboarding/notifications/invitation.sms.txt", words).split())


def leaders_of(employee_ids: list[int]) -> set[int]:
    """Return who leads any of these people, or will."""
    return set(_leaders_by_person(employee_ids).values_list("nearest_leader_id", flat=True))


def without_leader(employee_ids: Iterable[int]) -> set[int]:
    """Return those of these people whom nobody leads: whose letter waits for nobody."""
    ids = set(employee_ids)
    return ids - set(_leaders_by_person(ids).values_list("employee_id", flat=True))


def _leaders_by_person(employee_ids: Collection[int]) -> Any:
    jobs = Employment.objects.unended().filter(employee__in=employee_ids).with_nearest_leader()
    return jobs.filter(nearest_leader_id__isnull=False)
