"""Waking open pages. Redis carries ids and counters, never content: the page then asks, and rights are checked there.

Channels are `u:<employee pk>`, `g:<group pk>`, `l:<pk of a unit one works in or below>` and `all`. Events are lost when
Redis or a reader is away; a page that has been away asks once what it missed (`notifications.catching_up`), so nothing
depends on them.
"""

from __future__ import annotations

import functools
import json
import logging
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from redis import Redis
from redis.exceptions import RedisError

from core.outages import Outage

logger = logging.getLogger(__name__)
PREFIX = "live:"
_outage = Outage()

# Open pages fetch what is new spread over some seconds: about as many a second as a small machine serves.
FETCHED_PER_SECOND = 200
LONGEST_SPREAD, LONGEST_CRITICAL_SPREAD = 30.0, 5.0

# One call for very many channels, told apart over there: a call for each costs more than what is told of.
PUBLISH_TO_ALL = "for _, channel in ipairs(KEYS) do redis.call('PUBLISH', channel, ARGV[1]) end"
AT_ONCE = 1000
# Not for the pages: what the readers of a channel may hear has changed.
RENEW = "renew"


def spread_over(count: int, *, critical: bool = False) -> float:
    """Return the seconds over which the pages of `count` readers ask for what an event tells them of.

    Send it as `spread` with every event to many: each page waits a random part of it.
    """
    return round(min(LONGEST_CRITICAL_SPREAD if critical else LONGEST_SPREAD, count / FETCHED_PER_SECOND), 2)


@functools.cache
def _redis() -> Redis:
    seconds = settings.REDIS_TIMEOUT_SECONDS
    return Redis.from_url(settings.REDIS_URL, socket_timeout=seconds, socket_connect_timeout=seconds)


def publish(*, channel: str, event: str, data: dict[str, Any] | None = None) -> None:
    """Send `event` to everyone who listens on `channel`, once the transaction has been committed. Never raises."""
    publish_many([channel], event=event, data=data)


def publish_many(channels: Iterable[str], *, event: str, data: dict[str, Any] | None = None) -> None:
    """Send one event to many channels in one round trip, on commit. Never raises."""
    message = json.dumps({"event": event, "data": data or {}})
    names = list(channels)
    transaction.on_commit(lambda: _send(names, message))


def renew(*channels: str) -> None:
    """Let whoever listens on these channels hear, after the commit, what they may hear then and nothing else."""
    publish_many(channels, event=RENEW)


def renew_people(employee_ids: Iterable[int]) -> None:
    """Do the same for these people; when they are very many, for everyone."""
    ids = set(employee_ids)
    renew(*(f"u:{pk}" for pk in ids)) if len(ids) <= AT_ONCE else renew("all")


def _send(channels: list[str], message: str) -> None:
    try:
        with _redis().pipeline(transaction=False) as pipe:
            for first in range(0, len(channels), AT_ONCE):
                names = [PREFIX + channel for channel in channels[first : first + AT_ONCE]]
                pipe.eval(PUBLISH_TO_ALL, len(names), *names, message)
            pipe.execute()
    except (RedisError, OSError):
        if _outage.is_news():
            logger.warning("could not publish live events; pages will catch up when they ask")
    else:
        _outage.is_over()
