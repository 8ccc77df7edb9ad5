"""What is told of a colleague who is away: until when, and whom to ask. Never why."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.clock import local_today
from directory.faces import Face, face_of
from directory.models import Absence, Employee

STAND_IN = ("stand_in__primary_employment__unit", "stand_in__primary_employment__workplace")


@dataclass
class Away:
    """An absence as colleagues read it."""

    text: str
    stand_in: Face | None


def away_now(employee: Employee) -> Away | None:
    """Return what to tell of `employee` today; None for who is here. One query."""
    absence = Absence.objects.current().filter(employee=employee).select_related(*STAND_IN).first()
    return Away(told_absence(absence), stand_in_of(absence)) if absence else None


def stand_in_of(absence: Absence) -> Face | None:
    """Return whom to ask meanwhile, as long as that one works here and may be shown to all."""
    person = absence.stand_in
    return face_of(person) if person and person.is_active and not person.protected else None


def told_absence(absence: Absence) -> str:
    """Return «Away until 3 December», or from when as well for what lies ahead."""
    today = local_today()
    if absence.start_date > today:
        facts = {"start": _day(absence.start_date, today), "end": _day(absence.end_date, today)}
        return _("Away from %(start)s up to and including %(end)s") % facts
    if absence.end_date == today:
        return _("Away today")
    return _("Away up to and including %(end)s") % {"end": _day(absence.end_date, today)}


def _day(date: datetime.date, today: datetime.date) -> str:
    if date.year != today.year:
        return date_format(date, pgettext("date pattern: day, month, year", "j F Y"))
    return date_format(date, pgettext("date pattern: day, month", "j F"))
