"""The named reads of what is made ready for new colleagues."""

from __future__ import annotations

import datetime
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Count, F, Prefetch, Q
from django.utils import timezone

from core.clock import local_today

if TYPE_CHECKING:
    from directory.models import Employee, OrgUnit
    from onboarding.models import Arrival, ArrivalDesk, ArrivalStep, ArrivalTask  # noqa: F401

# How long what is over still stands beside what is to come.
DAYS_SHOWN = 14
KEEPERS = ("hr", "admin", "agency_admin")


def in_branches(field: str, paths: list[str]) -> Q:
    """Return the condition that the unit at `field` is in one of the branches with these paths."""
    return reduce(or_, (Q(**{f"{field}__path__startswith": path}) for path in paths), Q(pk__in=[]))


class ArrivalDeskQuerySet(models.QuerySet["ArrivalDesk"]):
    def open(self) -> Self:
        """Desks that take new tasks."""
        return self.filter(closed_at__isnull=True)

    def kept_by(self, keeper: Employee) -> Self:
        """Desks of the agencies `keeper` looks after."""
        return self.open().filter(in_branches("unit", keeper.role_paths(*KEEPERS)))

    def usable_in(self, unit: OrgUnit) -> Self:
        """Desks a list of `unit` may send tasks to: its own, and the whole organisation's."""
        return self.open().filter(unit__in=unit.ancestor_ids())

    def with_people_and_hook(self) -> Self:
        """Fetch who is at each, where its own system is told, and how many calls to it were given up."""
        # The models import this file, so people are reached by their relation.
        employees: Any = self.model._meta.get_field("people").related_model
        people = employees.objects.active().by_name()
        given_up = Count("hook__calls", filter=Q(hook__calls__state="failed"))
        found = self.prefetch_related(Prefetch("people", queryset=people)).select_related("hook")
        return found.annotate(given_up=given_up).order_by("name", "pk")


class ArrivalStepQuerySet(models.QuerySet["ArrivalStep"]):
    def standing(self) -> Self:
        """Steps that are still on a list, in the order they are due."""
        return self.filter(removed_at__isnull=True).order_by("-days_before", "pk")

    def kept_by(self, keeper: Employee) -> Self:
        """Steps of the agencies `keeper` looks after, removed ones too."""
        return self.filter(in_branches("unit", keeper.role_paths(*KEEPERS)))

    def of_unit(self, unit: OrgUnit) -> Self:
        """The list that holds for a new colleague in `unit`: the agency's own, or else the whole organisation's."""
        own = self.standing().filter(unit=unit.agency_id) if unit.agency_id else self.none()
        return own if own.exists() else self.standing().filter(unit__depth=0)


class ArrivalQuerySet(models.QuerySet["Arrival"]):
    def visible_to(self, employee: Employee) -> Self:
        """New colleagues whose whole list `employee` reads: the own, those of led units, and of the branch kept.

        Of who is protected only the own leader and HR know.
        """
        wide = in_branches("unit", [*employee.led_paths, *employee.role_paths("admin", "agency_admin")])
        hr = in_branches("unit", employee.role_paths("hr"))
        return self.filter(Q(leader=employee) | hr | wide & ~Q(employee__protected=True))

    def own_of(self, leader: Employee) -> Self:
        """New colleagues `leader` waits for, in person or in a unit led."""
        led = in_branches("unit", leader.led_paths)
        return self.filter(Q(leader=leader) | led & ~Q(employee__protected=True))

    def coming(self) -> Self:
        """Those who have not begun, or have just done so; the next first."""
        since = local_today() - datetime.timedelta(days=DAYS_SHOWN)
        return self.live().filter(starts_date__gte=since).order_by("starts_date", "pk")

    def begun(self) -> Self:
        """Those who have begun; the latest first."""
        return self.live().filter(starts_date__lte=local_today()).order_by("-starts_date", "-pk")

    def after(self, public_id: str) -> Self:
        """Those that come after the one with this id in the order asked for; all where nobody has it."""
        last = self.model._default_manager.filter(public_id=public_id.replace("\x00", "")).first()
        if last is None:
            return self
        way = "lt" if str(self.query.order_by[0]).startswith("-") else "gt"
        later = Q(**{f"starts_date__{way}": last.starts_date})
        return self.filter(later | Q(**{"starts_date": last.starts_date, f"pk__{way}": last.pk}))

    def live(self) -> Self:
        """Those that were not called off."""
        return self.filter(cancelled_at__isnull=True)

    def unknown(self) -> Self:
        """Those HR's file has not brought yet."""
        return self.live().filter(employee__isnull=True)

    def with_progress(self) -> Self:
        """Add how many things there are to be done, how many are, and how many are late."""
        settled = Count("tasks", filter=Q(tasks__settled_at__isnull=False))
        late = Count("tasks", filter=Q(tasks__settled_at__isnull=True, tasks__due_date__lt=local_today()))
        return self.annotate(task_count=Count("tasks"), settled_count=settled, late_count=late)

    def with_people(self) -> Self:
        """Fetch person, unit, leader and buddy in the same query."""
        return self.select_related("employee", "unit__agency", "leader", "buddy")


class ArrivalTaskQuerySet(models.QuerySet["ArrivalTask"]):
    def live(self) -> Self:
        """Tasks for those who still come."""
        return self.filter(arrival__cancelled_at__isnull=True)

    def of(self, employee: Employee) -> Self:
        """Tasks that are `employee`'s: own ones, and those of the desks the person is at."""
        desks = employee.arrival_desks.through._default_manager.filter(employee=employee)
        return self.live().filter(Q(assignee=employee) | Q(desk__in=desks.values("arrivaldesk")))

    def visible_to(self, employee: Employee) -> Self:
        """Own tasks, and those of the new colleagues whose list one reads."""
        # The models import this file, so the arrivals are reached by their relation.
        arrivals: Any = self.model._meta.get_field("arrival").related_model
        whole = arrivals._default_manager.visible_to(employee)
        return self.filter(Q(pk__in=self.of(employee).values("pk")) | Q(arrival__in=whole.values("pk")))

    def unsettled(self) -> Self:
        """What is not done yet, the most urgent first."""
        return self.filter(settled_at__isnull=True).order_by("due_date", "pk")

    def settled_lately(self) -> Self:
        """What was done or struck out in the last weeks, the latest first."""
        since = timezone.now() - datetime.timedelta(days=DAYS_SHOWN)
        return self.filter(settled_at__gte=since).order_by("-settled_at", "-pk")

    def after(self, public_id: str) -> Self:
        """Of what is left, that which is due after the one with this id; all where nobody has it."""
        last = self.model._default_manager.filter(public_id=public_id.replace("\x00", "")).first()
        if last is None:
            return self
        return self.filter(Q(due_date__gt=last.due_date) | Q(due_date=last.due_date, pk__gt=last.pk))

    def with_entry_count(self) -> Self:
        """Add how much was written about each."""
        return self.annotate(comment_count=Count("entries", filter=~Q(entries__text="")))

    def in_order(self) -> Self:
        """In the order they are due."""
        return self.order_by("due_date", "pk")

    def in_time(self) -> Self:
        """What was done by the day it was due."""
        return self.filter(settled_at__date__lte=F("due_date"))

    def with_arrival(self) -> Self:
        """Fetch whom it is for and who does it in the same query."""
        return self.select_related("arrival__employee", "arrival__unit__agency", "arrival__leader", "desk", "assignee")
