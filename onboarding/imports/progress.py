"""How far a long run has come. In the cache: the run itself is one transaction, which nobody can look into."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.core.cache import cache

logger = logging.getLogger(__name__)

EVERY = 1000
KEPT_SECONDS = 3600


def tell_progress(run_id: int, total: int) -> Callable[[int], None]:
    """Return a function that takes how many of `total` steps are done and tells it now and then."""

    def tell(done: int) -> None:
        if done % EVERY == 0:
            _keep(run_id, min(99, done * 100 // max(1, total)))

    return tell


def progress_of(run_id: int) -> int:
    """Return how far the run has come, in whole per cents; 0 when nothing is known."""
    try:
        return int(cache.get(_key(run_id)) or 0)
    except Exception:
        logger.warning("the cache does not answer; no progress to show")
        return 0


def _keep(run_id: int, percent: int) -> None:
    try:
        cache.set(_key(run_id), percent, KEPT_SECONDS)
    except Exception:
        logger.warning("the cache does not answer; progress is not shown")


def _key(run_id: int) -> str:
    return f"import-progress-{run_id}"
