"""Who wants a kind on a channel: the kind's default, what the person has chosen for it or for its topic, and places.

Conditions on employees, so that whoever asks for 50,000 asks once.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q

from directory.querysets import EmployeeQuerySet
from notifications.kinds import kinds
from notifications.models import PlaceLevel, Preference
from notifications.topics import topic_row


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
