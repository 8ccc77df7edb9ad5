"""Telling of a new colleague, calling it off, moving the first day, knowing who it is."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.clock import local_today
from core.errors import RefusedError, require
from core.text import fold
from directory.models import Employee, Employment, OrgUnit
from onboarding.arrivals import telling
from onboarding.arrivals.dates import due_date
from onboarding.arrivals.task_actions import settle_readiness
from onboarding.arrivals.units import coming_to, leader_for, units_to_prepare_in
from onboarding.arrivals.wording import checked, checked_line, checked_name
from onboarding.models import Arrival, ArrivalStep, ArrivalTask, Welcome
from onboarding.models.arrivals import Responsible

NAME_LENGTH, TITLE_LENGTH, NOTE_LENGTH = 200, 160, 1_000
# A first day further off, or longer ago, is a slip of the pen.
MOST_DAYS_AHEAD, MOST_DAYS_AGO = 366, 31


@dataclass(frozen=True)
class ArrivalFacts:
    """What the leader fills in. With a `job` that HR knows already, name, title and first day are HR's."""

    unit: OrgUnit
    starts_date: datetime.date
    name: str = ""
    title: str = ""
    note: str = ""
    job: Employment | None = None
    buddy: Employee | None = None


@transaction.atomic
def prepare_arrival(*, actor: Employee, facts: ArrivalFacts, steps: Collection[ArrivalStep]) -> Arrival:
    """Set the `steps` in motion for a new colleague: everyone concerned gets a task with a day it is due, and is told.

    Raises PermissionDenied for a unit `actor` does not lead or look after, RefusedError at the field for what cannot
    be taken, and with the code "conflict" for a colleague who has a list already.
    """
    own = facts.job is not None and coming_to(actor).filter(pk=facts.job.pk, unit=facts.unit).exists()
    require(own or units_to_prepare_in(actor).filter(pk=facts.unit.pk).exists())
    if not steps:
        raise RefusedError(_("Choose at least one thing to be done."), field="steps")
    # Two who send the same form at once make one list.
    OrgUnit.objects.select_for_update().get(pk=facts.unit.pk)
    arrival = _stored(actor, facts)
    ArrivalTask.objects.bulk_create([_task_of(arrival, step) for step in steps])
    pass_on_buddy(arrival)
    telling.tell_of_arrival(actor=actor, arrival=arrival)
    return arrival


@transaction.atomic
def cancel_arrival(*, actor: Employee, arrival: Arrival) -> None:
    """Call it off: the tasks disappear, and who had one is told. `restore_arrival` brings everything back."""
    require(Arrival.objects.visible_to(actor).filter(pk=arrival.pk).exists())
    if Arrival.objects.live().filter(pk=arrival.pk).update(cancelled_at=timezone.now()):
        telling.tell_of_change(actor=actor, arrival=arrival, event="cancelled")


@transaction.atomic
def restore_arrival(*, actor: Employee, arrival: Arrival) -> None:
    """Bring back what was called off. Raises RefusedError when the colleague has got another list since."""
    require(Arrival.objects.visible_to(actor).filter(pk=arrival.pk).exists())
    try:
        with transaction.atomic():
            back = Arrival.objects.filter(pk=arrival.pk, cancelled_at__isnull=False).update(cancelled_at=None)
    except IntegrityError as error:
        raise has_one_already() from error
    if back:
        telling.tell_of_change(actor=actor, arrival=arrival, event="restored")


@transaction.atomic
def move_arrival(*, actor: Employee | None, arrival: Arrival, starts_date: datetime.date) -> None:
    """Give the first day another date; what is not done yet is due so much earlier or later, and all are told.

    Without an `actor` it is HR's file that says so. Raises RefusedError at "starts_date".
    """
    if actor is not None:
        require(Arrival.objects.visible_to(actor).filter(pk=arrival.pk).exists())
        check_day(starts_date)
    current = Arrival.objects.select_for_update().get(pk=arrival.pk)
    if current.starts_date == starts_date:
        return
    current.starts_date = starts_date
    current.save(update_fields=["starts_date"])
    today = local_today()
    moved = list(current.tasks.filter(settled_at=None))
    for task in moved:
        task.due_date = due_date(starts_date, task.days_before, today)
    ArrivalTask.objects.bulk_update(moved, ["due_date"])
    settle_readiness(current)
    telling.tell_of_change(actor=actor, arrival=current, event="moved")


@transaction.atomic
def choose_buddy(*, actor: Employee, arrival: Arrival, buddy: Employee | None) -> None:
    """Say who shows the new colleague around. What waits for a buddy becomes that person's, else the leader's."""
    require(Arrival.objects.visible_to(actor).filter(pk=arrival.pk).exists())
    _check_buddy(buddy, arrival.employee)
    # What was given to somebody else stays with them.
    waits_for = Q(assignee=None) | Q(assignee__in=[pk for pk in (arrival.buddy_id, arrival.leader_id) if pk])
    arrival.buddy = buddy
    arrival.save(update_fields=["buddy"])
    waiting = arrival.tasks.filter(responsible=Responsible.BUDDY, settled_at=None)
    waiting.filter(waits_for).update(assignee=buddy or arrival.leader)
    pass_on_buddy(arrival)
    telling.tell_of_arrival(actor=actor, arrival=arrival)


def check_day(day: datetime.date) -> None:
    """Raise RefusedError at "starts_date" for a first day that must be a slip of the pen."""
    days = (day - local_today()).days
    if days > MOST_DAYS_AHEAD:
        raise RefusedError(_("The first day is more than a year away. Look over the date."), field="starts_date")
    if days < -MOST_DAYS_AGO:
        raise RefusedError(_("The first day was more than a month ago. Look over the date."), field="starts_date")


def has_one_already() -> RefusedError:
    """Return the refusal of a second list for the same colleague and first day."""
    return RefusedError(_("This colleague has a list already."), field="name", code="conflict")


def pass_on_buddy(arrival: Arrival) -> None:
    """Let the welcome page know the buddy, unless the leader has chosen one there."""
    if arrival.buddy_id and arrival.employee_id:
        Welcome.objects.filter(employee=arrival.employee_id, buddy=None).update(buddy=arrival.buddy_id)


def _stored(actor: Employee, facts: ArrivalFacts) -> Arrival:
    arrival = _worded(facts)
    check_day(arrival.starts_date)
    _check_buddy(facts.buddy, arrival.employee)
    same = Arrival.objects.live().filter(unit=facts.unit, starts_date=arrival.starts_date)
    if same.filter(folded_name=arrival.folded_name).exists():
        raise has_one_already()
    arrival.leader = leader_for(actor=actor, unit=facts.unit, job=facts.job)
    arrival.created_by = actor
    try:
        with transaction.atomic():
            arrival.save()
    except IntegrityError as error:
        raise has_one_already() from error
    return arrival


def _worded(facts: ArrivalFacts) -> Arrival:
    job = facts.job
    person = job.employee if job else None
    name = person.full_name if person else checked_name(facts.name, max_length=NAME_LENGTH)
    title = checked_line(facts.title, field="title", max_length=TITLE_LENGTH, required=False)
    return Arrival(
        unit=facts.unit,
        employee=person,
        name=name,
        folded_name=fold(name)[:NAME_LENGTH],
        title=job.title if job else title,
        starts_date=job.start_date if job else facts.starts_date,
        note=checked(facts.note, field="note", max_length=NOTE_LENGTH, required=False),
        buddy=facts.buddy,
    )


def _check_buddy(buddy: Employee | None, employee: Employee | None) -> None:
    if buddy is not None and (buddy == employee or not buddy.is_active):
        raise RefusedError(_("The buddy must be someone else."), field="buddy")


def _task_of(arrival: Arrival, step: ArrivalStep) -> ArrivalTask:
    doer = {Responsible.LEADER: arrival.leader, Responsible.BUDDY: arrival.buddy or arrival.leader}
    return ArrivalTask(
        arrival=arrival,
        kind=step.kind,
        title=step.title,
        text=step.text,
        responsible=step.responsible,
        desk=step.desk,
        assignee=doer.get(Responsible(step.responsible)),
        days_before=step.days_before,
        due_date=due_date(arrival.starts_date, step.days_before, local_today()),
    )
