"""What is done with a task: taken, done, not needed after all, talked about."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core.errors import RefusedError, require
from directory.models import Employee
from onboarding.arrivals import telling
from onboarding.arrivals.wording import checked
from onboarding.models import Arrival, ArrivalEntry, ArrivalTask

COMMENT_LENGTH = 1_000
State = ArrivalTask.State
SETTLED = (State.DONE, State.NOT_NEEDED)


@transaction.atomic
def set_task_state(*, actor: Employee, task: ArrivalTask, state: str, comment: str = "") -> None:
    """Say how far `task` has come, and a few words if any. Who takes a desk's task up becomes the one who does it.

    Raises PermissionDenied, or RefusedError for an unknown state, and for a colleague who does not come after all.
    """
    require(ArrivalTask.objects.visible_to(actor).filter(pk=task.pk).exists())
    change_state(actor=actor, task=task, state=state, comment=comment)


@transaction.atomic
def comment_on_task(*, actor: Employee, task: ArrivalTask, text: str) -> ArrivalEntry:
    """Write something about `task`; the others concerned are told. Raises PermissionDenied, RefusedError at "text"."""
    require(ArrivalTask.objects.visible_to(actor).filter(pk=task.pk).exists())
    entry = ArrivalEntry.objects.create(
        task=task, author=actor, text=checked(text, field="text", max_length=COMMENT_LENGTH)
    )
    telling.tell_of_comment(actor=actor, task=task, key=entry.public_id)
    telling.call_hooks([task], event="task.commented", event_key=entry.public_id)
    return entry


@transaction.atomic
def hand_over(*, actor: Employee, task: ArrivalTask, to: Employee) -> None:
    """Give `task` to a named colleague, who is told, whoever had it before; that it was done stands beside it.

    Raises PermissionDenied, or RefusedError for somebody who does not work here or is the new colleague, and for a
    task that is settled.
    """
    require(ArrivalTask.objects.visible_to(actor).filter(pk=task.pk).exists())
    may_get = (
        Employee.objects.active().visible_to(actor).filter(protected=False).exclude(pk=task.arrival.employee_id or 0)
    )
    if not may_get.filter(pk=to.pk).exists():
        raise RefusedError(_("Choose one of those shown."), field="person")
    arrival = Arrival.objects.select_for_update().get(pk=task.arrival_id)
    current = ArrivalTask.objects.select_for_update().get(pk=task.pk)
    if current.settled_at is not None or arrival.cancelled_at is not None:
        raise RefusedError(_("It is settled already."), code="conflict")
    if current.assignee_id == to.pk:
        return
    current.assignee = to
    current.save(update_fields=["assignee"])
    with translation.override(settings.LANGUAGE_CODE):
        text = _("Given to %(name)s") % {"name": to.display_name}
    entry = ArrivalEntry.objects.create(task=current, author=actor, text=text)
    telling.tell_of_handing_over(actor=actor, task=current, key=entry.public_id)
    telling.call_hooks([current], event="task.changed", event_key=entry.public_id)


def change_state(*, actor: Employee | None, task: ArrivalTask, state: str, comment: str = "") -> None:
    """Do what `set_task_state` promises, for `actor` or (None) for the desk's own system. In a transaction."""
    if state not in State.values:
        raise RefusedError(_("Choose how far it has come."), field="state")
    text = checked(comment, field="comment", max_length=COMMENT_LENGTH, required=False)
    arrival = Arrival.objects.select_for_update().get(pk=task.arrival_id)
    if arrival.cancelled_at is not None:
        raise RefusedError(
            _("The new colleague does not come after all. There is nothing left to do."), code="conflict"
        )
    current = ArrivalTask.objects.select_for_update().get(pk=task.pk)
    if current.state != state:
        _store(actor, current, state)
        settle_readiness(arrival)
    elif not text:
        return
    entry = ArrivalEntry.objects.create(task=current, author=actor, by_hook=actor is None, state=state, text=text)
    if text:
        telling.tell_of_comment(actor=actor, task=current, key=entry.public_id)
    if actor is not None:
        telling.call_hooks([current], event="task.changed", event_key=entry.public_id)


def settle_readiness(arrival: Arrival) -> None:
    """Keep when everything that must be there on the first day was; nothing while something is left."""
    left = arrival.tasks.filter(settled_at=None, days_before__gte=0).exists()
    ready_at = None if left else arrival.ready_at or timezone.now()
    if ready_at != arrival.ready_at:
        arrival.ready_at = ready_at
        arrival.save(update_fields=["ready_at"])


def _store(actor: Employee | None, task: ArrivalTask, state: str) -> None:
    task.state = state
    task.settled_at = timezone.now() if state in SETTLED else None
    if task.desk_id is not None:
        task.assignee = None if state == State.WAITING else task.assignee or _at_desk(actor, task)
    task.save(update_fields=["state", "settled_at", "assignee"])


def _at_desk(actor: Employee | None, task: ArrivalTask) -> Employee | None:
    """`actor`, who takes the task; the leader who only strikes it out does not."""
    return actor if actor and task.desk and task.desk.people.filter(pk=actor.pk).exists() else None
