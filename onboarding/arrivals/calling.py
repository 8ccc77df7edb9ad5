"""Telling a desk's own system: signed, from the ledger, tried again with growing pauses until it has said yes."""

from __future__ import annotations

import datetime
import json
import logging
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from core.errors import RefusedError
from core.outbound import SECONDS, OutboundError, post
from notifications.sweeping import purges, rounds
from onboarding.arrivals.hooks import secret_of, sign
from onboarding.arrivals.telling import tell_of_silence
from onboarding.models import Arrival, ArrivalTask, HookAnswer, HookCall

logger = logging.getLogger(__name__)

AT_ONCE = 5
LEASE = datetime.timedelta(seconds=(AT_ONCE + 1) * SECONDS)
# The first pause is a minute, the last half a day: a system that is away over a weekend night still hears of it.
MAX_ATTEMPTS, FIRST_PAUSE, LONGEST_PAUSE = 12, 60, 12 * 3600
CALLS_KEPT = datetime.timedelta(days=30)
ANSWERS_KEPT = datetime.timedelta(days=1)
State = HookCall.State


def send_due_calls() -> int:
    """Make a few calls that are due; return how many were taken up. A dead worker's are taken up by another."""
    claimed = _claim()
    for call in claimed:
        _send(call)
    return len(claimed)


def body_of(call: HookCall) -> bytes:
    """Return what the other side is told: the task as it is now, whatever happened when."""
    task, arrival = call.task, call.task.arrival
    person, leader = arrival.employee, arrival.leader
    protected = person is not None and person.protected
    told: dict[str, Any] = {
        "id": call.public_id,
        "event": call.event,
        "task": {
            "id": task.public_id,
            "kind": task.kind,
            "title": task.title,
            "text": task.text,
            "state": task.state,
            "due_date": task.due_date.isoformat(),
            "cancelled": arrival.cancelled_at is not None,
        },
        "arrival": {
            "id": arrival.public_id,
            "name": str(person.display_name) if person else arrival.name,
            "title": "" if protected else arrival.title,
            "unit": None if protected else {"code": arrival.unit.code, "name": arrival.unit.name},
            "starts_date": arrival.starts_date.isoformat(),
            "note": arrival.note,
            "leader": {"name": leader.display_name, "email": leader.email} if leader and not leader.protected else None,
        },
        "answer_to": settings.SITE_ADDRESS + reverse("api_desk_hook", args=[call.hook.public_id]),
    }
    return json.dumps(told, ensure_ascii=False).encode()


def forget_calls() -> int:
    """Remove calls that are over, and the marks of messages taken; return how many."""
    now = timezone.now()
    over = HookCall.objects.filter(created_at__lt=now - CALLS_KEPT).exclude(state=State.WAITING).delete()[0]
    return over + HookAnswer.objects.filter(received_at__lt=now - ANSWERS_KEPT).delete()[0]


def _claim() -> list[HookCall]:
    now = timezone.now()
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    with transaction.atomic():
        due = HookCall.objects.filter(free, state=State.WAITING, not_before__lte=now).order_by("not_before", "pk")
        ids = list(due.select_for_update(skip_locked=True).values_list("pk", flat=True)[:AT_ONCE])
        HookCall.objects.filter(pk__in=ids).update(leased_until=now + LEASE)
    people = ("hook__desk__unit", "task__arrival__employee", "task__arrival__leader", "task__arrival__unit")
    return list(HookCall.objects.filter(pk__in=ids).select_related(*people).order_by("pk"))


def _send(call: HookCall) -> None:
    if _is_over(call):
        call.state = State.SKIPPED
    else:
        try:
            _call(call)
            call.state, call.sent_at, call.last_error = State.SENT, timezone.now(), ""
        except (OutboundError, RefusedError) as error:
            _postpone(call, error)
    call.leased_until = None
    call.save(update_fields=["state", "sent_at", "last_error", "attempts", "not_before", "leased_until"])
    if call.state == State.FAILED:
        tell_of_silence(call.hook.desk)


def _call(call: HookCall) -> None:
    body, timestamp = body_of(call), str(int(timezone.now().timestamp()))
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Tunet",
        "Tunet-Delivery": call.public_id,
        "Tunet-Timestamp": timestamp,
        "Tunet-Signature": sign(secret_of(call.hook), timestamp, body),
    }
    answer = post(call.hook.url, body, headers=headers)
    if not answer.is_ok:
        raise OutboundError(f"HTTP {answer.status}")


def _is_over(call: HookCall) -> bool:
    """Whether there is nothing left to tell: of who was called off, only that."""
    arrival: Arrival = call.task.arrival
    task: ArrivalTask = call.task
    if arrival.cancelled_at is not None:
        return call.event != "task.cancelled"
    return call.event == "task.created" and task.settled_at is not None


def _postpone(call: HookCall, error: Exception) -> None:
    logger.warning("the hook of desk %s did not answer: %s", call.hook.desk_id, error)
    call.attempts += 1
    call.last_error = str(getattr(error, "message", error))[:300]
    pause = min(FIRST_PAUSE * 2 ** (call.attempts - 1), LONGEST_PAUSE)
    call.not_before = timezone.now() + datetime.timedelta(seconds=pause)
    if call.attempts >= MAX_ATTEMPTS:
        call.state = State.FAILED


rounds.add("hooks of desks", send_due_calls)
purges.add("calls of hooks", forget_calls)
