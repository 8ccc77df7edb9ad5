"""How sending fares, in numbers: by channel, by what waits or was given up and why, and by the work for many.

Nothing here tells of whom or what a message is: kinds, times and what a server answered, with addresses left out.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import Case, CharField, Count, F, Func, Max, Min, Q, QuerySet, Value, When
from django.utils import timezone

from notifications.channels import email, push, sms, states
from notifications.models import ChannelState, Delivery, FanOut, Pulse, RefusedAddress
from notifications.operating.pulses import SILENT_AFTER

LISTED = 50
HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)
# What is due is taken up within seconds; work that nobody has taken up for so long stands still.
LATE_AFTER = datetime.timedelta(minutes=1)
_IS_ON: dict[str, Callable[[], bool]] = {"email": email.is_on, "push": push.is_on, "sms": sms.is_on}


@dataclass(frozen=True)
class ChannelFigures:
    """One channel: whether it is used and well, what is due and what is for later, what went and what was given up."""

    channel: str
    is_on: bool
    per_minute: int
    due: int = 0
    later: int = 0
    # When the oldest of what is due should have gone.
    due_since: datetime.datetime | None = None
    sent_last_hour: int = 0
    sent_last_day: int = 0
    failed: int = 0
    failing_since: datetime.datetime | None = None
    resting_until: datetime.datetime | None = None
    last_error: str = ""

    @property
    def slow_seconds(self) -> int | None:
        """How long its server needs for a message, where that is too long."""
        told = None if self.failing_since else re.match(rf"{states.SLOW}: (\d+)", self.last_error)
        return int(told[1]) if told else None


@dataclass(frozen=True)
class Heap:
    """Messages of one kind over one channel that share `why` they have not gone: sending, due, tried, later, failed."""

    channel: str
    kind: str
    why: str
    error: str
    count: int
    oldest_at: datetime.datetime
    next_at: datetime.datetime
    attempts: int


@dataclass(frozen=True)
class JobFigures:
    """Work for many of one sort that is not done: how much of it, since when it stands still, what went wrong."""

    job: str
    waiting: int
    standing: int
    failed: int
    standing_since: datetime.datetime | None
    error: str


@dataclass(frozen=True)
class PulseFigures:
    """A process behind the pages: when it was last heard of, and whether that is too long ago."""

    process: str
    beaten_at: datetime.datetime | None
    is_silent: bool


@dataclass(frozen=True)
class Health:
    """All of it at one moment."""

    channels: list[ChannelFigures]
    waiting: list[Heap]
    failed: list[Heap]
    jobs: list[JobFigures]
    pulses: list[PulseFigures]
    refused_addresses: int
    problems: list[str] = field(default_factory=list)


def read_health() -> Health:
    """Return how sending fares now, in a fixed number of statements."""
    channels, jobs, pulses = _channels(), _jobs(), _pulses()
    return Health(
        channels=channels,
        waiting=_heaps(Delivery.objects.filter(state=Delivery.State.WAITING)),
        failed=_heaps(Delivery.objects.filter(state=Delivery.State.FAILED)),
        jobs=jobs,
        pulses=pulses,
        refused_addresses=RefusedAddress.objects.believed().count(),
        problems=_problems(channels, jobs, pulses),
    )


def _channels() -> list[ChannelFigures]:
    now = timezone.now()
    is_due = Q(not_before__lte=now)
    waiting: Any = Delivery.objects.filter(state=Delivery.State.WAITING).values("channel")
    sent: Any = Delivery.objects.filter(state=Delivery.State.SENT, sent_at__gt=now - DAY).values("channel")
    failed: Any = Delivery.objects.filter(state=Delivery.State.FAILED).values("channel")
    figures: dict[str, dict[str, Any]] = {channel: {} for channel in Delivery.Channel.values}
    due = {"due": Count("pk", filter=is_due), "later": Count("pk", filter=~is_due)}
    for rows in (
        waiting.annotate(**due, due_since=Min("not_before", filter=is_due)),
        sent.annotate(sent_last_day=Count("pk"), sent_last_hour=Count("pk", filter=Q(sent_at__gt=now - HOUR))),
        failed.annotate(failed=Count("pk")),
    ):
        for row in rows.order_by():
            figures[row.pop("channel")] |= row
    for state in ChannelState.objects.all():
        rests = state.paused_until if state.paused_until and state.paused_until > now else None
        error = {"failing_since": state.failing_since, "resting_until": rests, "last_error": bare(state.last_error)}
        figures[state.channel] |= error
    pace = settings.MESSAGES_PER_MINUTE
    return [ChannelFigures(name, _IS_ON[name](), pace.get(name, 0), **facts) for name, facts in figures.items()]


def _heaps(messages: QuerySet[Delivery]) -> list[Heap]:
    now = timezone.now()
    why = Case(
        When(state=Delivery.State.FAILED, then=Value("failed")),
        When(leased_until__gt=now, then=Value("sending")),
        When(attempts__gt=0, then=Value("tried")),
        When(not_before__lte=now, then=Value("due")),
        default=Value("later"),
        output_field=CharField(),
    )
    named: Any = messages.annotate(why=why, error=_bare(F("last_error"))).values("channel", "kind", "why", "error")
    counted = {"count": Count("pk"), "oldest_at": Min("created_at"), "next_at": Min("not_before")}
    # What should have gone stands before what is for later.
    is_later = Case(When(why="later", then=1), default=0)
    rows = named.annotate(**counted, attempts=Max("attempts")).order_by(is_later, "oldest_at")[:LISTED]
    return [Heap(**row) for row in rows]


# What looks like an address of a person, or a number of a telephone: «550 <kari@example.org> unknown».
_PERSONAL = r"[^\s<>]+@[^\s<>]+|\+?\d[\d ]{6,}\d"


def _bare(text: Any) -> Func:
    return Func(text, Value(_PERSONAL), Value("…"), Value("g"), function="regexp_replace", output_field=CharField())


def bare(text: str) -> str:
    """Return the first line of an error without what names people: details of a database stand below it."""
    return re.sub(_PERSONAL, "…", text.split("\n", 1)[0])


def _jobs() -> list[JobFigures]:
    late = timezone.now() - LATE_AFTER
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=late)
    failed = Q(state=FanOut.State.FAILED)
    standing = free & Q(not_before__lt=late) & ~failed
    undone: Any = FanOut.objects.exclude(state=FanOut.State.DONE).values("job")
    rows = undone.annotate(
        waiting=Count("pk", filter=~failed),
        standing=Count("pk", filter=standing),
        failed=Count("pk", filter=failed),
        standing_since=Min("not_before", filter=standing | failed),
        error=Max("last_error"),
    )
    return [JobFigures(**row | {"error": bare(row["error"])}) for row in rows.order_by("standing_since", "job")]


def _pulses() -> list[PulseFigures]:
    now = timezone.now()
    heard = dict(Pulse.objects.values_list("process", "beaten_at"))
    return [
        PulseFigures(process.value, at := heard.get(process.value), at is None or at < now - silent_after)
        for process, silent_after in SILENT_AFTER.items()
    ]


def _problems(channels: list[ChannelFigures], jobs: list[JobFigures], pulses: list[PulseFigures]) -> list[str]:
    """Name what somebody should look at, for a monitor: «sweeper silent», «email failing»."""
    now = timezone.now()
    late = now - 10 * LATE_AFTER
    found = [f"{one.process} silent" for one in pulses if one.is_silent]
    for one in channels:
        if one.is_on and one.failing_since and one.failing_since < late:
            found.append(f"{one.channel} failing")
        elif one.is_on and one.slow_seconds is not None and one.due_since and one.due_since < now - LATE_AFTER:
            found.append(f"{one.channel} slow")
        elif one.is_on and not one.per_minute and one.due_since and one.due_since < late:
            found.append(f"{one.channel} late")
    return found + [f"{one.job} standing still" for one in jobs if one.standing or one.failed]
