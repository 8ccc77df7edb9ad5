"""Working through something for many people: leased, in chunks, safe to stop anywhere and to run twice.

The row says how far the work has come. A chunk and the move of the cursor are one transaction, so a worker that dies
loses at most the chunk it was in, and whoever takes over begins there.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from core.registry import Registry
from notifications.models import FanOut

logger = logging.getLogger(__name__)

LEASE = datetime.timedelta(seconds=30)
MAX_ATTEMPTS = 20
MAX_PAUSE_SECONDS = 60


@dataclass(frozen=True)
class Step:
    """What one chunk did: the new cursor, how many people it covered, whether it was the last."""

    cursor: int
    done: int
    finished: bool


# A job does one chunk from `fan_out.cursor`, inside a transaction; it must be safe to repeat.
Job = Callable[[FanOut], Step]
jobs: Registry[Job] = Registry("fan-out job")


def fan_out_job(name: str) -> Callable[[Job], Job]:
    """Register the decorated function as the job called `name`."""

    def register(job: Job) -> Job:
        return jobs.add(name, job)

    return register


def run_fan_out(fan_out_id: int) -> bool:
    """Lease the row and work until it is finished. Return False when someone else holds it or nothing is left.

    An error in a chunk is stored on the row, which is tried again after a pause that doubles up to a minute.
    """
    fan_out = _lease(fan_out_id)
    if fan_out is None:
        return False
    try:
        while not _do_chunk(fan_out_id):
            pass
    except Exception as error:
        logger.exception("fan-out %s failed in a chunk", fan_out)
        _store_failure(fan_out_id, error)
    return True


def _lease(fan_out_id: int) -> FanOut | None:
    with transaction.atomic():
        due = FanOut.objects.due().filter(pk=fan_out_id).select_for_update(skip_locked=True)
        fan_out = due.first()
        if fan_out is not None:
            fan_out.state = FanOut.State.RUNNING
            fan_out.leased_until = timezone.now() + LEASE
            fan_out.save(update_fields=["state", "leased_until"])
    return fan_out


def _do_chunk(fan_out_id: int) -> bool:
    """Do one chunk and move the cursor, both or neither; return whether the work is finished."""
    with transaction.atomic():
        fan_out = FanOut.objects.select_for_update().get(pk=fan_out_id)
        if fan_out.state != FanOut.State.RUNNING:
            return True
        step = jobs.get(fan_out.job)(fan_out)
        fan_out.cursor, fan_out.attempts, fan_out.last_error = step.cursor, 0, ""
        fan_out.done_count += step.done
        fan_out.leased_until = None if step.finished else timezone.now() + LEASE
        if step.finished:
            fan_out.state, fan_out.finished_at = FanOut.State.DONE, timezone.now()
        fan_out.save()
    return step.finished


def _store_failure(fan_out_id: int, error: Exception) -> None:
    with transaction.atomic():
        fan_out = FanOut.objects.select_for_update().get(pk=fan_out_id)
        fan_out.attempts += 1
        fan_out.last_error = f"{type(error).__name__}: {error}"[:1000]
        pause = min(2**fan_out.attempts, MAX_PAUSE_SECONDS)
        fan_out.not_before = timezone.now() + datetime.timedelta(seconds=pause)
        fan_out.leased_until = None
        if fan_out.attempts >= MAX_ATTEMPTS:
            fan_out.state = FanOut.State.FAILED
        fan_out.save()


def run_due_fan_outs(limit: int = 20) -> int:
    """Run what stands still, oldest first; return how many were taken up. For the sweeper."""
    due = list(FanOut.objects.due().values_list("pk", flat=True)[:limit])
    return sum(run_fan_out(fan_out_id) for fan_out_id in due)
