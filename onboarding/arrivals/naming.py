"""What a new colleague is called to whom. Who is protected is named to the own leader and HR alone."""

from __future__ import annotations

from collections.abc import Iterable

from core.clock import local_today
from core.times import day_name
from directory.models import Employee
from onboarding.models import Arrival, ArrivalTask


def name_for(reader: Employee, arrival: Arrival) -> str:
    """Return the name `reader` sees: HR's once the person is known, else as the leader wrote it."""
    person = arrival.employee
    if person is None:
        return arrival.name
    return person.full_name if _may_know(reader, arrival) else str(person.display_name)


def place_for(reader: Employee, arrival: Arrival) -> str:
    """Return job and unit as one line; "" where they would tell where a protected person works."""
    if not _may_know(reader, arrival):
        return ""
    return ", ".join(part for part in (arrival.title, arrival.unit.name) if part)


def shown_to(reader: Employee, arrivals: Iterable[Arrival]) -> list[Arrival]:
    """Give each of `arrivals` the name and the place that `reader` sees, as `shown_name` and `shown_place`."""
    kept = list(arrivals)
    for arrival in kept:
        arrival.shown_name = name_for(reader, arrival)  # type: ignore[attr-defined]
        arrival.shown_place = place_for(reader, arrival)  # type: ignore[attr-defined]
    return kept


def tasks_shown_to(reader: Employee, tasks: Iterable[ArrivalTask]) -> list[ArrivalTask]:
    """Do the same for whom the tasks are for, and say when each is due («i morgen») as `due_words`."""
    kept, today = list(tasks), local_today()
    shown_to(reader, (task.arrival for task in kept))
    for task in kept:
        task.due_words = day_name(task.due_date, today)  # type: ignore[attr-defined]
    return kept


def _may_know(reader: Employee, arrival: Arrival) -> bool:
    person = arrival.employee
    if person is None or not person.protected:
        return True
    return arrival.leader_id == reader.pk or reader.has_role("hr")
