"""How a channel fares, for all who send over it: it rests while its server is away, and goes no faster than it may."""

from __future__ import annotations

import datetime
import math

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from notifications.models import ChannelState

FIRST_PAUSE, LONGEST_PAUSE = datetime.timedelta(seconds=5), datetime.timedelta(minutes=1)
# However long a server asks for patience, it is asked again after this.
LONGEST_PATIENCE = datetime.timedelta(hours=1)
# What may go at once after a rest: as much as is due between two rounds of the sweeper.
AT_ONCE = datetime.timedelta(seconds=2)
# A server that needs so long for a message is slow, and its errors begin so.
SLOW_SECONDS, SLOW = 3.0, "Slow"


def is_resting(channel: str) -> bool:
    """Say whether nothing is to be sent over the channel now."""
    state = ChannelState.objects.filter(pk=channel).first()
    if state is None or state.paused_until is None:
        return False
    now = timezone.now()
    # A pause further off than any can be is from a clock that has been set back since.
    return now < state.paused_until <= now + LONGEST_PATIENCE


def take(channel: str, wanted: int) -> int:
    """Return how many of `wanted` messages may be sent now, and count them; the pace holds over all who send.

    Call it in the transaction that claims them.
    """
    per_minute: int = settings.MESSAGES_PER_MINUTE.get(channel, 0)
    if not per_minute or not wanted:
        return wanted
    each, now = datetime.timedelta(minutes=1) / per_minute, timezone.now()
    state = _locked(channel)
    earliest = now - max(AT_ONCE, each)
    filled = state.paced_until or earliest
    # Filled further ahead than ever happens: the clock has been set back.
    filled = earliest if filled > now + LONGEST_PAUSE else max(filled, earliest)
    taken = min(wanted, max(0, math.floor((now - filled) / each)))
    state.paced_until = filled + taken * each
    state.save(update_fields=["paced_until"])
    return taken


@transaction.atomic
def rest(channel: str, error: Exception, after: datetime.timedelta | None = None) -> None:
    """Let the channel rest: `after` long if its server has asked for that, else longer each time it is found away."""
    state, now = _locked(channel), timezone.now()
    pause = after or min(FIRST_PAUSE * 2 ** min(state.failures, 10), LONGEST_PAUSE)
    state.paused_until = now + min(pause, LONGEST_PATIENCE)
    state.failing_since = state.failing_since or now
    state.failures = min(state.failures + 1, 1000)
    state.last_error = f"{type(error).__name__}: {error}"[:300]
    state.save()


def note_well(channel: str) -> None:
    """Store that a message has gone: the channel fails no more."""
    well = {"failing_since": None, "failures": 0, "paused_until": None, "last_error": ""}
    ChannelState.objects.filter(pk=channel, failing_since__isnull=False).update(**well)


def note_time(channel: str, seconds: float) -> None:
    """Store that a message took so long on the average: operators see that a server is slow, and that it is no more."""
    states = ChannelState.objects.filter(pk=channel, failing_since__isnull=True)
    if seconds < SLOW_SECONDS:
        states.filter(last_error__startswith=SLOW).update(last_error="")
        return
    ChannelState.objects.get_or_create(pk=channel)
    states.update(last_error=f"{SLOW}: {seconds:.0f} s for each message")


def is_well(channel: str) -> bool:
    """Say whether the channel's server neither fails nor is slow."""
    return not ChannelState.objects.filter(pk=channel).exclude(last_error="").exists()


def _locked(channel: str) -> ChannelState:
    ChannelState.objects.get_or_create(pk=channel)
    return ChannelState.objects.select_for_update().get(pk=channel)
