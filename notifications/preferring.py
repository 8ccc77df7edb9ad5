"""Who wants a kind on a channel: the kind's default, what the person has chosen for it or its topic, places, pauses.

Conditions on employees, so that whoever asks for 50,000 asks once.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from directory.querysets import EmployeeQuerySet
from notifications.kinds import kinds
from notifications.models import NotificationSettings, PlaceLevel, Preference
from notifications.topics import topic_row


def listening(people: EmployeeQuerySet, kind: str, channel: str, places: Collection[str] = ()) -> EmployeeQuerySet:
    """Leave out those who want nothing of `kind` from `places` over `channel` now.

    They have turned it off, or the place, are away, or gather in a summary what is mailed only after a while. Asked
    when an event is stored, and again when its message is to go; not of what is critical or essential.
    """
    people = hearing_from(wanting(people, kind, channel), places)
    mine = NotificationSettings.objects.filter(employee=OuterRef("pk"))
    people = people.filter(~Exists(mine.filter(paused_until__gt=timezone.now())))
    if channel == Preference.Channel.EMAIL and kinds.get(kind).email_after:
        people = people.filter(~Exists(mine.exclude(digest=NotificationSettings.Digest.OFF)))
    return people


def wanting(people: EmployeeQuerySet, kind: str, channel: str) -> EmployeeQuerySet:
    """Leave out those who have turned `kind` off on `channel`, itself or with its whole topic."""
    mine = Preference.objects.filter(employee=OuterRef("pk"), channel=channel)
    itself, topic = mine.filter(kind=kind), mine.filter(kind=topic_row(kinds.get(kind).topic))
    on, off = Q(Exists(itself.filter(wanted=True))), Q(Exists(itself.filter(wanted=False)))
    return people.filter(~off & (on | ~Q(Exists(topic.filter(wanted=False)))))


def hearing_from(people: EmployeeQuerySet, places: Collection[str]) -> EmployeeQuerySet:
    """Leave out those who want to hear nothing from one of `places`."""
    if not places:
        return people
    silent = PlaceLevel.objects.filter(place__in=places, level=PlaceLevel.Level.NOTHING)
    return people.filter(~Exists(silent.filter(employee=OuterRef("pk"))))
