"""What an operator may do: have something tried again now, or given up. Each is logged."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from core.errors import require
from directory.actions import record_audit_event
from directory.models import Employee
from notifications.models import ChannelState, Delivery, FanOut, RefusedAddress
from notifications.querysets import DeliveryQuerySet, free_at

GIVEN_UP = "given up by an operator"


@transaction.atomic
def try_again(*, actor: Employee, channel: str, kind: str = "") -> int:
    """Have what was tried or given up over `channel` tried again now (of one kind, or of all); return how many.

    The channel rests no more; with all of the e-mail, addresses that were refused are believed in anew. Whether each
    should still go is looked over when its turn comes, as ever.
    """
    require(actor.has_perm("notifications.operate"))
    tried = Q(state=Delivery.State.WAITING, attempts__gt=0) | Q(state=Delivery.State.FAILED)
    again = {"state": Delivery.State.WAITING, "attempts": 0, "not_before": timezone.now(), "last_error": ""}
    count = _named(channel, kind).filter(tried).update(**again)
    ChannelState.objects.filter(channel=channel).update(paused_until=None)
    if channel == Delivery.Channel.EMAIL and not kind:
        RefusedAddress.objects.all().delete()
    _log(actor, "notifications.tried_again", channel=channel, kind=kind, count=count)
    return count


@transaction.atomic
def give_up(*, actor: Employee, channel: str, kind: str) -> int:
    """Let nothing of `kind` that is due or was tried over `channel` go, except what is in a sender's hands.

    Returns how many. They can be tried again until the log is cleared.
    """
    require(actor.has_perm("notifications.operate"))
    overdue = Q(not_before__lte=timezone.now()) | Q(attempts__gt=0)
    waiting = _named(channel, kind).filter(free_at(timezone.now()), overdue, state=Delivery.State.WAITING)
    count = waiting.update(state=Delivery.State.FAILED, last_error=GIVEN_UP)
    _log(actor, "notifications.given_up", channel=channel, kind=kind, count=count)
    return count


@transaction.atomic
def run_again(*, actor: Employee, job: str) -> int:
    """Have work for many that failed, or waits after a failure, taken up again now; return how many."""
    require(actor.has_perm("notifications.operate"))
    failed = Q(state=FanOut.State.FAILED) | Q(state__in=[FanOut.State.WAITING, FanOut.State.RUNNING], attempts__gt=0)
    again = {"state": FanOut.State.WAITING, "attempts": 0, "not_before": timezone.now()}
    count = FanOut.objects.filter(free_at(timezone.now()), failed, job=job).update(**again)
    _log(actor, "notifications.run_again", job=job, count=count)
    return count


def _named(channel: str, kind: str) -> DeliveryQuerySet:
    messages = Delivery.objects.filter(channel=channel)
    return messages.filter(kind=kind) if kind else messages


def _log(actor: Employee, verb: str, **facts: Any) -> None:
    record_audit_event(actor=actor, verb=verb, facts=facts)
