"""The sweeper's round: does itself what has been left standing, with no broker between."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable
from itertools import chain

from django.db.models import Q
from django.utils import timezone

from core.registry import Registry
from directory.tasks import forget_records
from notifications import fan_out
from notifications.channels import email, email_refusals, push, sms, turns
from notifications.clock_faults import set_right
from notifications.devices.reading import forget_dead
from notifications.models import Delivery, FanOut, Notification
from notifications.querysets import free_at

logger = logging.getLogger(__name__)

INBOX_DAYS = 90
LOG_DAYS = 30
# What could not go for so long, for whatever reason, is told by the inbox alone; accounts are told of for longer.
TOO_OLD_DAYS = {Delivery.Channel.EMAIL: 3, Delivery.Channel.PUSH: 1, Delivery.Channel.SMS: 1}
TOO_OLD = "too old"

# What else apps want looked after in each round: functions that return how much they did.
rounds: Registry[Callable[[], int]] = Registry("sweeper round")
# What else apps want removed when its time is over: functions that return how much they removed.
purges: Registry[Callable[[], int]] = Registry("sweeper purge")
purges.add("records of people", forget_records)
rounds.add("fan-outs", fan_out.run_due_fan_outs)
rounds.add("text messages", sms.send_due)
# At the end of the round: workers do these as well, and each may meet a server that is slow.
_at_the_end: list[tuple[str, Callable[[], int]]] = [
    ("notifications on devices", lambda: turns.help_out(Delivery.Channel.PUSH, push.send_due)),
    ("e-mail", lambda: turns.help_out(Delivery.Channel.EMAIL, email.send_due)),
]
purges.add("devices", forget_dead)
# A sweeper that was started after the clock had been set right has not seen it.
purges.add("times of a clock that was ahead", set_right)
purges.add("refused addresses", email_refusals.forget_refused)


def sweep_once() -> int:
    """Take up every due fan-out and message once; return how many there were. One that fails stops no other."""
    done = 0
    for name, part in chain(rounds.items(), _at_the_end):
        try:
            done += part()
        except Exception:
            logger.exception("sweeping: %s failed", name)
    return done


def purge_old() -> None:
    """Remove what is past its retention: inbox entries after 90 days, the message log after 30, and what apps say."""
    now = timezone.now()
    Notification.objects.filter(created_at__lt=now - datetime.timedelta(days=INBOX_DAYS)).delete()
    ended = now - datetime.timedelta(days=LOG_DAYS)
    _give_up_old(now)
    Delivery.objects.filter(created_at__lt=ended).exclude(state=Delivery.State.WAITING).delete()
    FanOut.objects.filter(finished_at__lt=ended).delete()
    for name, part in purges.items():
        try:
            part()
        except Exception:
            logger.exception("purging: %s failed", name)


def _give_up_old(now: datetime.datetime) -> None:
    waiting = Delivery.objects.filter(free_at(now), state=Delivery.State.WAITING)
    for channel, days in TOO_OLD_DAYS.items():
        late = Q(not_before__lt=now - datetime.timedelta(days=days)) & ~Q(priority=Delivery.Priority.ESSENTIAL)
        late |= Q(not_before__lt=now - datetime.timedelta(days=LOG_DAYS))
        waiting.filter(late, channel=channel).update(state=Delivery.State.SKIPPED, last_error=TOO_OLD)
