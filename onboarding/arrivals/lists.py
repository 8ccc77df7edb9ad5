"""The agency's list of what is made ready, and the desks that do it: kept by HR and the agency's administrators."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import RefusedError, require
from directory.actions import record_audit_event
from directory.models import Employee, OrgUnit
from onboarding.arrivals.wording import checked, checked_line
from onboarding.models import ArrivalDesk, ArrivalStep, ArrivalTask
from onboarding.models.arrivals import Responsible, TaskKind
from onboarding.querysets.arrivals import KEEPERS

NAME_LENGTH, TITLE_LENGTH, TEXT_LENGTH = 80, 120, 1_000
MOST_STEPS, MOST_PEOPLE = 40, 50
MOST_DAYS_BEFORE, MOST_DAYS_AFTER = 90, 60


@dataclass(frozen=True)
class StepFacts:
    """One line of a list as it is filled in; `days_before` below nought is after the first day."""

    title: str
    responsible: str
    kind: str = TaskKind.OTHER
    text: str = ""
    desk: ArrivalDesk | None = None
    days_before: int = 7


def keeps_list_of(employee: Employee, unit: OrgUnit) -> bool:
    """Say if `employee` keeps the list of `unit`: an agency of the own branch, or the whole organisation."""
    is_list = unit.depth == 0 or unit.pk == unit.agency_id
    return is_list and any(unit.path.startswith(path) for path in employee.role_paths(*KEEPERS))


@transaction.atomic
def save_step(*, actor: Employee, unit: OrgUnit, facts: StepFacts, step: ArrivalStep | None = None) -> ArrivalStep:
    """Add a line to the list of `unit`, or change `step` of it. Tasks already given out stay as they are.

    Raises PermissionDenied, or RefusedError at the field.
    """
    require(keeps_list_of(actor, unit) and (step is None or step.unit_id == unit.pk))
    values = _looked_over(unit, facts)
    if step is None:
        if ArrivalStep.objects.standing().filter(unit=unit).count() >= MOST_STEPS:
            raise RefusedError(_("A list has at most %(count)d things.") % {"count": MOST_STEPS}, field="title")
        step = ArrivalStep(unit=unit)
    for name, value in values.items():
        setattr(step, name, value)
    step.save()
    record_audit_event(actor=actor, verb="onboarding.arrival_list_changed", obj=step)
    return step


@transaction.atomic
def remove_step(*, actor: Employee, step: ArrivalStep, removed: bool = True) -> None:
    """Take the line off the list, or put it back. Raises PermissionDenied."""
    require(keeps_list_of(actor, step.unit))
    step.removed_at = timezone.now() if removed else None
    step.save(update_fields=["removed_at"])
    record_audit_event(actor=actor, verb="onboarding.arrival_list_changed", obj=step)


@transaction.atomic
def copy_list(*, actor: Employee, unit: OrgUnit) -> int:
    """Begin an agency's own list with the whole organisation's; return how many lines. Raises PermissionDenied."""
    require(keeps_list_of(actor, unit))
    if ArrivalStep.objects.standing().filter(unit=unit).exists():
        return 0
    own = list(ArrivalStep.objects.standing().filter(unit__depth=0))
    for step in own:
        step.pk, step.unit = None, unit
        step.public_id = ArrivalStep._meta.get_field("public_id").get_default()
    return len(ArrivalStep.objects.bulk_create(own))


@transaction.atomic
def save_desk(
    *, actor: Employee, unit: OrgUnit, name: str, people: Collection[Employee], desk: ArrivalDesk | None = None
) -> ArrivalDesk:
    """Make a desk of `unit`, or change `desk`: its name, and who is at it. At least one person is.

    Raises PermissionDenied, or RefusedError at "name" or "people".
    """
    require(keeps_list_of(actor, unit) and (desk is None or desk.unit_id == unit.pk))
    kept = checked_line(name, field="name", max_length=NAME_LENGTH)
    if not people:
        raise RefusedError(_("Choose at least one who does what the desk is asked."), field="people")
    if len(people) > MOST_PEOPLE:
        raise RefusedError(_("At most %(count)d may be at one desk.") % {"count": MOST_PEOPLE}, field="people")
    desk = desk or ArrivalDesk(unit=unit)
    desk.name = kept
    desk.save()
    desk.people.set(people)
    record_audit_event(actor=actor, verb="onboarding.arrival_desk_changed", obj=desk)
    return desk


@transaction.atomic
def close_desk(*, actor: Employee, desk: ArrivalDesk) -> None:
    """Close a desk nothing is sent to any more. Raises PermissionDenied, or RefusedError while a list names it."""
    require(keeps_list_of(actor, desk.unit))
    if ArrivalStep.objects.standing().filter(desk=desk).exists():
        raise RefusedError(_("A list still sends things to this desk. Change the list first."))
    if ArrivalTask.objects.live().unsettled().filter(desk=desk).exists():
        raise RefusedError(_("The desk still has something to do. Finish that first."))
    desk.closed_at = timezone.now()
    desk.save(update_fields=["closed_at"])
    record_audit_event(actor=actor, verb="onboarding.arrival_desk_closed", obj=desk)


def _looked_over(unit: OrgUnit, facts: StepFacts) -> dict[str, object]:
    if facts.kind not in TaskKind.values:
        raise RefusedError(_("Choose what it is about."), field="kind")
    if facts.responsible not in Responsible.values:
        raise RefusedError(_("Choose who does it."), field="responsible")
    if not -MOST_DAYS_AFTER <= facts.days_before <= MOST_DAYS_BEFORE:
        raise RefusedError(_("Choose when it is due."), field="days_before")
    desk = facts.desk if facts.responsible == Responsible.DESK else None
    if facts.responsible == Responsible.DESK and (desk is None or not _may_send(unit, desk)):
        raise RefusedError(_("Choose who does it."), field="responsible")
    return {
        "kind": facts.kind,
        "title": checked_line(facts.title, field="title", max_length=TITLE_LENGTH),
        "text": checked(facts.text, field="text", max_length=TEXT_LENGTH, required=False),
        "responsible": facts.responsible,
        "desk": desk,
        "days_before": facts.days_before,
    }


def _may_send(unit: OrgUnit, desk: ArrivalDesk) -> bool:
    return ArrivalDesk.objects.usable_in(unit).filter(pk=desk.pk).exists()
