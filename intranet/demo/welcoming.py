"""The demo's first days: greetings and buddies of those who have just begun."""

from __future__ import annotations

from directory.models import OrgUnit
from intranet.demo.calendar import Calendar
from intranet.demo.people import Crowd
from onboarding.models import LocalHelp, Welcome

# By the codes of the units.
HELP = {
    "BAL-02": {"on_call_phone": "21 80 40 40"},
    "BAL-02-01": {"on_call_phone": "21 80 40 41", "place": "Furuset", "hours": "hver onsdag 13–14"},
}


def write_local_help() -> None:
    """Store where those of the bydel and of its home care find help."""
    for code, facts in HELP.items():
        for unit in OrgUnit.objects.filter(code=code):
            LocalHelp.objects.update_or_create(unit=unit, defaults=facts)


def write_welcomes(crowd: Crowd, calendar: Calendar) -> None:
    """Store a welcome for everyone of the cast who began this month."""
    for person in crowd:
        days = person.cast.get("started_days_ago")
        if days is not None and days <= 30:
            buddy = crowd.by_key.get(person.cast.get("buddy", ""))
            greeting = person.cast.get("greeting", "")
            Welcome.objects.update_or_create(
                employee_id=person.pk,
                defaults={
                    "greeting": greeting,
                    "greeted_by_id": person.manager.pk if greeting and person.manager else None,
                    "buddy_id": buddy.pk if buddy else None,
                    "starts_date": person.start_date,
                },
            )
