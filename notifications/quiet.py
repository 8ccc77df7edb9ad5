"""When it is quiet, for whom: the person's own hours, else those of the nearest unit, else everybody's.

All of it is one expression of the database (`tunet_quiet_until`), so that 50,000 people are as few statements as one.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ImproperlyConfigured
from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    DateTimeField,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TimeField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Least
from django.utils import timezone

from directory.models import Employee, OrgUnit
from notifications.kinds import kinds
from notifications.models import Delivery, UnitQuietHours

Hours = tuple[datetime.time, datetime.time]


def default_hours() -> Hours | None:
    """Return when it is quiet for everyone nobody has said anything else for; None for never."""
    if not settings.QUIET_HOURS:
        return None
    try:
        starts, ends = (_time(part) for part in settings.QUIET_HOURS.split("-"))
    except ValueError:
        raise ImproperlyConfigured(f"QUIET_HOURS is no pair of hours: {settings.QUIET_HOURS!r}") from None
    return starts, ends


def _time(text: str) -> datetime.time:
    hour, _, minute = text.strip().partition(":")
    return datetime.time(int(hour) % 24, int(minute or 0))


def quiet_until(at: Any, person: str = "") -> Any:
    """Return the expression for when a message that is ready at `at` may go to the person at the path `person`."""
    parts = [at, *_hours(person), Value(settings.TIME_ZONE)]
    return Func(*parts, function="tunet_quiet_until", output_field=DateTimeField())


def _hours(person: str) -> list[Any]:
    own = {f"{person}notification_settings__quiet_{end}__isnull": False for end in ("from", "to")}
    nearest = _nearest(f"{person}primary_employment__unit__path")
    standing = default_hours() or (None, None)
    return [
        Case(
            When(Q(**own), then=F(f"{person}notification_settings__quiet_{mine}")),
            default=Coalesce(Subquery(nearest.values(theirs)), Value(hour, TimeField()), output_field=TimeField()),
            output_field=TimeField(),
        )
        for mine, theirs, hour in zip(("from", "to"), ("starts", "ends"), standing, strict=True)
    ]


def _nearest(path: str) -> Any:
    """Return the hours of the nearest unit at or above the one at `path` that has said anything."""
    # By its number: the units above are looked up in the index, instead of all units for each person.
    parts = Func(Func(OuterRef(path), Value("/"), function="btrim"), Value("/"), function="string_to_array")
    ids = Cast(parts, ArrayField(BigIntegerField()))
    is_above = Func(F("unit_id"), ids, template="(%(expressions)s))", arg_joiner=" = ANY(", output_field=BooleanField())
    above = UnitQuietHours.objects.filter(is_above)
    return above.order_by("-unit__depth")[:1]


def unit_hours_of(employee: Employee) -> Hours | None:
    """Return when it is quiet where the person works, before any wish of their own; None for never."""
    job = employee.primary_employment
    return _nearest_hours(job.unit.ancestor_ids() if job else [])


def unit_hours_above(unit: OrgUnit) -> Hours | None:
    """Return when it would be quiet in `unit` if nobody had said anything for the unit itself."""
    return _nearest_hours(unit.ancestor_ids()[:-1])


def _nearest_hours(units: list[int]) -> Hours | None:
    nearest = UnitQuietHours.objects.filter(unit__in=units).order_by("-unit__depth").first()
    return (nearest.starts, nearest.ends) if nearest else default_hours()


def wake(people: QuerySet[Employee]) -> None:
    """Let what waits for these people be due as if it were never quiet; where it is, it waits anew when it is due."""
    waiting = Delivery.objects.filter(recipient__in=people, state=Delivery.State.WAITING, attempts=0, is_urgent=False)
    waiting = waiting.filter(not_before__gt=timezone.now())
    for key, channel in waiting.order_by().values_list("kind", "channel").distinct():
        kind = kinds.find(key)
        wait = getattr(kind, f"{channel}_after_push", None) or getattr(kind, f"{channel}_after", None)
        if wait is not None:
            ready_at = ExpressionWrapper(F("created_at") + Value(wait), DateTimeField())
            waiting.filter(kind=key, channel=channel).update(not_before=Least("not_before", ready_at))


def put_off(ids: Collection[int]) -> set[int]:
    """Let the messages among these whose hour has turned quiet since they were stored wait; return which."""
    now = timezone.now()
    essential = [kind.key for kind in kinds if kind.is_essential]
    waiting = Delivery.objects.filter(pk__in=ids, is_urgent=False).exclude(kind__in=essential)
    quiet = waiting.annotate(may_go_at=quiet_until(Value(now), "recipient__")).filter(may_go_at__gt=now)
    until = dict(quiet.values_list("pk", "may_go_at"))
    for moment in set(until.values()):
        same = [pk for pk, may_go_at in until.items() if may_go_at == moment]
        Delivery.objects.filter(pk__in=same).update(not_before=moment, leased_until=None)
    return set(until)
