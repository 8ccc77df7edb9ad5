"""Telling those concerned, each once: in Tunet, and through the hook of a desk that has a system of its own."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from core.clock import local_today
from core.public_ids import new_public_id
from directory.models import Employee, RoleGrant
from notifications.actions import notify
from onboarding.models import Arrival, ArrivalDesk, ArrivalTask, HookCall
from onboarding.querysets.arrivals import KEEPERS


def tell_of_arrival(*, actor: Employee, arrival: Arrival) -> None:
    """Tell everyone with something to do for `arrival`, and the leader where another filled in the form."""
    recipients = concerned_by(arrival) | ({arrival.leader_id} if arrival.leader_id else set())
    key = f"arrival:{arrival.pk}"
    notify(kind="arrival_tasks", recipients=recipients, event_key=key, actor=actor, target_id=arrival.pk)
    call_hooks(arrival.tasks.all(), event="task.created", event_key="created")


def tell_of_change(*, actor: Employee | None, arrival: Arrival, event: str) -> None:
    """Tell the same people that it was called off ("cancelled"), is on again ("restored") or "moved"."""
    recipients = concerned_by(arrival) | ({arrival.leader_id} if arrival.leader_id else set())
    number = new_public_id()
    notify(
        kind="arrival_changed",
        recipients=recipients,
        event_key=f"arrival:{arrival.pk}:{number}",
        actor=actor,
        target_id=arrival.pk,
        facts={"event": event},
    )
    name = "task.cancelled" if event == "cancelled" else "task.changed"
    call_hooks(arrival.tasks.filter(settled_at=None), event=name, event_key=number)


def tell_of_comment(*, actor: Employee | None, task: ArrivalTask, key: str) -> None:
    """Tell the leader, who does it, and who wrote before that something was written about `task`."""
    wrote = task.entries.exclude(author=None).values_list("author_id", flat=True)
    recipients = {pk for pk in (task.arrival.leader_id, task.assignee_id, *wrote) if pk}
    if task.assignee_id is None:
        recipients |= people_at([task.desk_id] if task.desk_id else [])
    notify(kind="arrival_comment", recipients=recipients, event_key=f"entry:{key}", actor=actor, target_id=task.pk)


def tell_of_handing_over(*, actor: Employee, task: ArrivalTask, key: str) -> None:
    """Tell the person who got `task`."""
    recipients = [task.assignee_id] if task.assignee_id else []
    notify(kind="arrival_given", recipients=recipients, event_key=f"given:{key}", actor=actor, target_id=task.pk)


def tell_of_silence(desk: ArrivalDesk) -> None:
    """Tell those who keep the desk, once a day, that its own system does not answer and what was given up."""
    kept_by = RoleGrant.objects.in_force().filter(role__in=KEEPERS)
    near = Q(unit=None) | Q(unit__in=desk.unit.ancestor_ids())
    recipients = set(kept_by.filter(near).values_list("employee", flat=True))
    key = f"silent:{desk.pk}:{local_today()}"
    notify(kind="desk_silent", recipients=recipients, event_key=key, target_id=desk.pk)


def concerned_by(arrival: Arrival) -> set[int]:
    """Return the ids of those who have something left to do for `arrival`."""
    waiting = list(arrival.tasks.filter(settled_at=None).values_list("assignee_id", "desk_id"))
    return {pk for pk, _ in waiting if pk} | people_at(desk for pk, desk in waiting if desk and not pk)


def people_at(desk_ids: Iterable[int]) -> set[int]:
    """Return the ids of those at these desks."""
    at = ArrivalDesk.people.through._default_manager.filter(arrivaldesk__in=set(desk_ids))
    return set(at.values_list("employee_id", flat=True))


def call_hooks(tasks: Iterable[ArrivalTask], *, event: str, event_key: str) -> None:
    """Have the desks' own systems told of these tasks; the sweeper does. Asking twice stores it once."""
    ids = [task.pk for task in tasks]
    found = ArrivalTask.objects.filter(pk__in=ids, desk__hook__isnull=False).values_list("pk", "desk__hook")
    calls = [HookCall(task_id=pk, hook_id=hook, event=event, event_key=event_key) for pk, hook in found]
    HookCall.objects.bulk_create(calls, ignore_conflicts=True)
