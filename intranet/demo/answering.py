"""What the demo's people answer to announcements: what the services need, and who offers to help."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from announcements.models import Announcement
from directory.models import Employee
from intranet.demo.calendar import Calendar
from intranet.demo.people import Crowd
from intranet.demo.sources import read
from responses.models import AnswerForm, Need, Service, SignUp


def write_answers(sent: Mapping[str, Announcement], crowd: Crowd, calendar: Calendar) -> None:
    """Store the forms and what has come; `sent` holds the announcements by key."""
    written = read("answers")
    _write_needs(written["needs"], sent[written["needs"]["announcement"]], crowd, calendar)
    _write_volunteers(written["volunteers"], sent[written["volunteers"]["announcement"]], crowd, calendar)


def _write_needs(entry: dict[str, Any], about: Announcement, crowd: Crowd, calendar: Calendar) -> None:
    form = AnswerForm.objects.create(
        announcement=about,
        kind=AnswerForm.Kind.NEEDS,
        level=entry["level"],
        introduction=entry["introduction"],
        own_question_1=entry["own_question_1"],
        deadline_at=_noon(calendar, entry["days_open"]),
        created_by_id=about.author_id,
    )
    for answered in entry["services"]:
        unit, leader = crowd.units.get(answered["unit"]), crowd.leaders.get(answered["unit"])
        answerer = crowd.by_key[answered["answerer"]] if "answerer" in answered else leader
        if unit is None or answerer is None:
            continue
        at = _after(about, answered["after_minutes"], calendar)
        named = {"named_by_id": leader.pk, "named_at": at} if leader and leader is not answerer else {}
        who = {"answerer_id": answerer.pk, "answered_by_id": answerer.pk, "answered_at": at}
        service = Service.objects.create(form=form, unit_id=unit.pk, reply_1=answered["reply_1"], **who, **named)
        for need in answered["needs"]:
            _write_need(service, need, at, crowd, calendar)


def _write_need(
    service: Service, need: dict[str, Any], at: datetime.datetime, crowd: Crowd, calendar: Calendar
) -> None:
    facts = {name: need[name] for name in ("kind", "what", "urgency", "comment", "state")}
    decided: dict[str, Any] = {}
    if need["state"] != Need.State.OPEN:
        then = min(at + datetime.timedelta(minutes=12), calendar.now)
        decided = {"taken_by_id": crowd.by_key[need["by"]].pk, "taken_at": then, "reply": need["reply"]}
        decided["done_at"] = then if need["state"] == Need.State.DONE else None
    Need.objects.create(
        service=service, quantity=need.get("quantity"), created_at=at, changed_at=at, **facts, **decided
    )


def _write_volunteers(entry: dict[str, Any], about: Announcement, crowd: Crowd, calendar: Calendar) -> None:
    form = AnswerForm.objects.create(
        announcement=about,
        kind=AnswerForm.Kind.VOLUNTEERS,
        places=entry["places"],
        introduction=entry["introduction"],
        deadline_at=_noon(calendar, entry["days_open"]),
        created_by_id=about.author_id,
    )
    named = [(crowd.by_key[one["who"]].pk, one["state"], one["note"]) for one in entry["by_name"]]
    addressed = Employee.objects.active().filter(pk__in=about.receipts.values("employee_id"), protected=False)
    others = addressed.exclude(pk__in=[pk for pk, *_ in named])
    ids = list(others.order_by("pk").values_list("pk", flat=True))
    every = max(1, len(ids) // (entry["many"] + 8))
    notes = entry["notes"]
    come = [(pk, "", notes[number % len(notes)]) for number, pk in enumerate(ids[::every][: entry["many"] + 8])]
    _write_line(form, named + come, calendar)


def _write_line(form: AnswerForm, come: list[tuple[int, str, str]], calendar: Calendar) -> None:
    """Store the sign-ups in the order they came; those after the last place wait."""
    taken = 0
    for number, (pk, state, note) in enumerate(come):
        state = state or (SignUp.State.SIGNED_UP if taken < (form.places or 0) else SignUp.State.WAITING)
        taken += state in ("signed_up", "asked", "assigned")
        at = _after(form.announcement, 20 + number * 9, calendar)
        asked = {"asked_by_id": form.created_by_id, "asked_at": at} if state in ("asked", "assigned") else {}
        answered = {"answered_at": at} if state == SignUp.State.ASSIGNED else {}
        SignUp.objects.create(form=form, employee_id=pk, state=state, note=note, queued_at=at, **asked, **answered)


def _noon(calendar: Calendar, days: int) -> datetime.datetime:
    at = calendar.now.astimezone(calendar.zone) + datetime.timedelta(days=days)
    return at.replace(hour=12, minute=0, second=0, microsecond=0)


def _after(about: Announcement, minutes: int, calendar: Calendar) -> datetime.datetime:
    assert about.published_at
    return min(about.published_at + datetime.timedelta(minutes=minutes), calendar.now)
