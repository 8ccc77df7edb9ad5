"""The demo's new colleagues on the way: the district's list, its desks, and a few who begin in the weeks to come."""

from __future__ import annotations

import datetime
from typing import Any

from core.text import fold
from directory.models import OrgUnit
from intranet.demo.calendar import Calendar
from intranet.demo.people import Crowd
from onboarding.arrivals.dates import due_date
from onboarding.models import Arrival, ArrivalDesk, ArrivalEntry, ArrivalStep, ArrivalTask

DESKS = {"IT-brukerstøtte": ["hassan", "sabina"], "Lønn": ["oystein"], "Adgangskort": ["nils", "sabina"]}
STEPS: list[dict[str, Any]] = [
    {
        "kind": "pay",
        "title": "Lønn og arbeidsavtale",
        "desk": "Lønn",
        "days_before": 14,
        "text": "Avtalen er signert, og skattekortet er hentet.",
    },
    {
        "kind": "it",
        "title": "PC og bruker",
        "desk": "IT-brukerstøtte",
        "days_before": 7,
        "text": "Bruker, e-post og tilgang til fagsystemet. PC-en står klar på arbeidsstedet.",
    },
    {"kind": "access", "title": "Adgangskort og nøkler", "desk": "Adgangskort", "days_before": 5},
    {"kind": "phone", "title": "Telefon", "desk": "IT-brukerstøtte", "days_before": 5},
    {"kind": "place", "title": "Arbeidstøy og skap", "responsible": "leader", "days_before": 3},
    {
        "kind": "buddy",
        "title": "Ta imot første dag",
        "responsible": "buddy",
        "days_before": 0,
        "text": "Møt i resepsjonen, vis rundt og spis lunsj sammen.",
    },
]
# Who comes, where, in how many days, with how much done.
COMING: list[dict[str, Any]] = [
    {"name": "Leila Rostami", "title": "Sykepleier", "unit": "BAL-02-01", "days": 2, "done": 4, "buddy": "grace"},
    {"name": "Jonas Myrvang", "title": "Helsefagarbeider", "unit": "BAL-02-01", "days": 16, "done": 1},
    {"name": "Ingeborg Tveit", "title": "Barnehagelærer", "unit": "BAL-04-02", "days": 23, "done": 0},
]
NOTE = "Starter på dagvakt. Trenger størrelse M i arbeidstøy, og tilgang til journalsystemet."
# Who have begun this year, so that there is something to count.
BEGUN = 14


def write_arrivals(crowd: Crowd, calendar: Calendar) -> None:
    """Store the list of the district, its desks, those who come, and those who have begun."""
    district = OrgUnit.objects.get(code="BAL")
    desks = {name: _desk(district, name, keys, crowd) for name, keys in DESKS.items()}
    steps = [_step(district, facts, desks) for facts in STEPS]
    for coming in COMING:
        _arrive(crowd, calendar, steps, coming)
    for number in range(BEGUN):
        _begin(district, calendar, steps, number)


def _desk(unit: OrgUnit, name: str, keys: list[str], crowd: Crowd) -> ArrivalDesk:
    desk = ArrivalDesk.objects.create(unit=unit, name=name)
    desk.people.set(crowd.by_key[key].pk for key in keys)
    return desk


def _step(unit: OrgUnit, facts: dict[str, Any], desks: dict[str, ArrivalDesk]) -> ArrivalStep:
    values = {"responsible": "desk", **facts, "desk": desks.get(facts.get("desk", ""))}
    return ArrivalStep.objects.create(unit=unit, **values)


def _arrive(crowd: Crowd, calendar: Calendar, steps: list[ArrivalStep], coming: dict[str, Any]) -> None:
    unit = OrgUnit.objects.get(code=coming["unit"])
    leader = crowd.leaders[coming["unit"]].pk
    buddy = crowd.by_key[coming["buddy"]].pk if "buddy" in coming else None
    arrival = Arrival.objects.create(
        unit=unit,
        name=coming["name"],
        folded_name=fold(coming["name"]),
        title=coming["title"],
        starts_date=calendar.today + datetime.timedelta(days=coming["days"]),
        note=NOTE,
        leader_id=leader,
        created_by_id=leader,
        buddy_id=buddy,
        created_at=calendar.now - datetime.timedelta(days=4),
    )
    for number, step in enumerate(steps):
        task = _task(arrival, step, calendar)
        if number < coming["done"]:
            _settle(task, step, calendar)


def _begin(unit: OrgUnit, calendar: Calendar, steps: list[ArrivalStep], number: int) -> None:
    """One who began some weeks ago: for every fifth something came after the first day."""
    starts = calendar.today - datetime.timedelta(days=30 + 12 * number)
    name = f"Begynt {number + 1}"
    arrival = Arrival.objects.create(
        unit=unit, name=name, folded_name=fold(name), starts_date=starts, leader=unit.leader
    )
    for place, step in enumerate(steps):
        due = starts - datetime.timedelta(days=step.days_before)
        late = (
            step.days_before + 3 if number % 5 == 2 and place == number % 4 else 1 if (number + place) % 7 == 0 else 0
        )
        at = datetime.datetime.combine(due + datetime.timedelta(days=late), datetime.time(7, 30), tzinfo=calendar.zone)
        ArrivalTask.objects.create(**_facts(arrival, step), due_date=due, state="done", settled_at=at)
        arrival.ready_at = max(at, arrival.ready_at or at)
    arrival.save()


def _task(arrival: Arrival, step: ArrivalStep, calendar: Calendar) -> ArrivalTask:
    due = due_date(arrival.starts_date, step.days_before, calendar.today)
    doer = {"leader": arrival.leader_id, "buddy": arrival.buddy_id or arrival.leader_id}.get(step.responsible)
    return ArrivalTask.objects.create(**_facts(arrival, step), due_date=due, assignee_id=doer)


def _facts(arrival: Arrival, step: ArrivalStep) -> dict[str, Any]:
    own = ("kind", "title", "text", "responsible", "desk", "days_before")
    return {"arrival": arrival, **{name: getattr(step, name) for name in own}}


def _settle(task: ArrivalTask, step: ArrivalStep, calendar: Calendar) -> None:
    at = calendar.now - datetime.timedelta(days=1, hours=2)
    doer = step.desk.people.order_by("pk").first() if step.desk else task.assignee
    task.state, task.settled_at, task.assignee = "done", at, doer
    task.save()
    text = "Ligger klar i resepsjonen." if step.kind == "it" else ""
    ArrivalEntry.objects.create(task=task, author=doer, state="done", text=text, written_at=at)
