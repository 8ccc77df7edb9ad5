"""Knowing who a new colleague is, when HR's file brings the person: by itself where there is no doubt, else by hand."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from core.clock import local_today
from core.errors import RefusedError, require
from directory.models import Employee, Employment
from directory.querysets import EmployeeQuerySet
from notifications.sweeping import rounds
from onboarding.arrivals.actions import MOST_DAYS_AHEAD, has_one_already, move_arrival, pass_on_buddy
from onboarding.arrivals.units import first_day_of
from onboarding.models import Arrival

# HR's first day may be another than the leader's.
DAYS_APART = 31
# How alike two names are of somebody who may be the same, and with how many they are compared.
LIKE, MOST_COMPARED = 0.85, 500
# The newest job this process has looked at.
_seen: dict[str, int] = {}


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be the new colleague, with the job that begins."""

    person: Employee
    job: Employment

    @property
    def road(self) -> str:
        """Who has told of the job: HR's file, an identity system, or somebody who filled in the form."""
        by = {"scim": _("from the system where accounts are kept"), "form": _("filled in by HR")}
        return by.get(self.job.source) or _("from HR's file")


@transaction.atomic
def connect_arrival(*, actor: Employee | None, arrival: Arrival, employee: Employee) -> None:
    """Say who the new colleague is, now that HR's file has brought the person; the first day becomes HR's.

    Raises PermissionDenied, or RefusedError when the person has a list already.
    """
    if actor is not None:
        require(Arrival.objects.visible_to(actor).filter(pk=arrival.pk).exists())
        require(candidates_for(arrival).filter(pk=employee.pk).exists())
    starts = first_day_of(employee, arrival.unit, arrival.starts_date)
    try:
        with transaction.atomic():
            Arrival.objects.unknown().filter(pk=arrival.pk).update(employee=employee)
    except IntegrityError as error:
        raise has_one_already() from error
    arrival.employee = employee
    if starts is not None:
        move_arrival(actor=None, arrival=arrival, starts_date=starts)
    pass_on_buddy(arrival)


def candidates_for(arrival: Arrival) -> EmployeeQuerySet:
    """Return who `arrival` may be: people who begin in the same agency about then and have no list yet."""
    apart = datetime.timedelta(days=DAYS_APART)
    about = (arrival.starts_date - apart, arrival.starts_date + apart)
    jobs = Employment.objects.filter(start_date__range=about, unit__path__startswith=_agency_path(arrival))
    taken = Arrival.objects.live().filter(employee=OuterRef("pk"), starts_date__range=about)
    people: Any = Employee.objects.people().filter(~Exists(taken), pk__in=jobs.values("employee"))
    found: EmployeeQuerySet = people.by_name()
    return found


def alike(arrival: Arrival, people: EmployeeQuerySet) -> list[Candidate]:
    """Return those of `people` whose whole name is nearly what the leader wrote, the likest first.

    A first name alone says nothing: «Kari Lien» is Kari Anne Lien or Kari Lihn, and not Kari Nes.
    """
    found = [(_likeness(arrival.folded_name, person.folded_name), person) for person in people[:MOST_COMPARED]]
    likely = sorted((pair for pair in found if pair[0] >= LIKE), key=lambda pair: -pair[0])
    jobs = Employment.objects.filter(employee__in=[person for _much, person in likely]).select_related("unit")
    newest = {job.employee_id: job for job in jobs.order_by("start_date", "pk")}
    return [Candidate(person, newest[person.pk]) for _much, person in likely]


def connect_new_jobs() -> int:
    """Connect those whose job has come since the last round and whose name leaves no doubt; return how many."""
    newest = Employment.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    seen = _seen.get("job", 0)
    if newest == seen:
        return 0
    unknown = list(Arrival.objects.unknown().select_related("unit__agency"))
    jobs = Employment.objects.filter(pk__gt=seen, employee__folded_name__in={one.folded_name for one in unknown})
    names = set(jobs.values_list("employee__folded_name", flat=True)) if unknown else set()
    connected = sum(_connect_named(arrival) for arrival in unknown if arrival.folded_name in names)
    _seen["job"] = newest
    return connected


def follow_first_days() -> int:
    """Move those whose first day HR has given another date; return how many. Once a day is often enough."""
    since = local_today() - datetime.timedelta(days=DAYS_APART)
    known = Arrival.objects.live().filter(employee__isnull=False, starts_date__gte=since)
    moved = 0
    for arrival in known.select_related("unit__agency", "employee"):
        starts = first_day_of(arrival.employee, arrival.unit, arrival.starts_date) if arrival.employee else None
        if starts and starts != arrival.starts_date and abs((starts - arrival.starts_date).days) <= MOST_DAYS_AHEAD:
            move_arrival(actor=None, arrival=arrival, starts_date=starts)
            moved += 1
    return moved


def _connect_named(arrival: Arrival) -> bool:
    named = list(candidates_for(arrival).filter(folded_name=arrival.folded_name)[:2])
    if len(named) != 1:
        return False
    try:
        connect_arrival(actor=None, arrival=arrival, employee=named[0])
    except RefusedError:
        return False
    return True


def _likeness(told: str, known: str) -> float:
    """How alike two folded names are: 1 where all words of the one, two at least, stand in the other."""
    here, there = set(told.split()), set(known.split())
    if len(here & there) >= 2 and (here <= there or there <= here):
        return 1.0
    return SequenceMatcher(None, told, known).ratio() if len(here) > 1 and len(there) > 1 else float(told == known)


def _agency_path(arrival: Arrival) -> str:
    return arrival.unit.agency.path if arrival.unit.agency else arrival.unit.path


rounds.add("new colleagues whom HR's file has brought", connect_new_jobs)
