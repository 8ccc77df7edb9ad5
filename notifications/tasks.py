"""The deferred halves: each only hurries what the sweeper would find by itself."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from celery.signals import worker_ready
from django.db import connection

from core.queues import enqueue
from notifications import fan_out
from notifications.channels import email, push, turns
from notifications.models import Delivery, Pulse
from notifications.operating.pulses import beat


@shared_task
def run_fan_out(fan_out_id: int) -> None:
    """Work through one fan-out, unless someone is already at it."""
    fan_out.run_fan_out(fan_out_id)


@shared_task
def send_due_emails() -> None:
    """Send e-mail for a while; the rest comes behind whatever else waits by then."""
    if turns.send_alone(Delivery.Channel.EMAIL, email.send_due):
        enqueue(send_due_emails)


@shared_task
def send_due_pushes() -> None:
    """Send notifications to devices for a while; the rest comes behind whatever else waits by then."""
    if turns.send_alone(Delivery.Channel.PUSH, push.send_due):
        enqueue(send_due_pushes)


@shared_task
def beat_for_worker() -> None:
    """Say that a worker is alive: the scheduler, the broker and the worker all are, when this is done."""
    beat(Pulse.Process.WORKER)


@worker_ready.connect
def beat_at_start(**facts: Any) -> None:
    """Say so at once when a worker has started. Its own process keeps no connection: those it starts have theirs."""
    beat(Pulse.Process.WORKER)
    connection.close()
