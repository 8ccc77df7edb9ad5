"""Handing work to Celery without ever making a person wait for the broker.

The database holds the truth: what must happen is a row, and the sweeper finds rows that stand still. Enqueuing
only hurries it, so a broker that is away costs a log line for each outage and nothing else.
"""

from __future__ import annotations

import logging
from typing import Any

from celery import Task
from django.db import transaction

from core.outages import Outage

logger = logging.getLogger(__name__)
_outage = Outage()


def enqueue(task: Task[Any, Any], *args: Any) -> None:
    """Send `task` to the workers once the current transaction has been committed. Never raises for the broker."""
    transaction.on_commit(lambda: _send(task, args))


def _send(task: Task[Any, Any], args: tuple[Any, ...]) -> None:
    try:
        task.apply_async(args=args, retry=False)
    except Exception:
        # Whatever went wrong with the broker, the person's work is stored and will be done.
        if _outage.is_news():
            logger.warning("could not enqueue %s%r; the sweeper does what is not handed on", task.name, args)
    else:
        _outage.is_over()
