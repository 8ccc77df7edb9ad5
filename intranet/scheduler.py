"""Doing things by a clock that somebody may set."""

from __future__ import annotations

from typing import Any

from celery.beat import PersistentScheduler


class SteadyScheduler(PersistentScheduler):
    """The scheduler, which does not wait for an hour it believes to have seen: a clock that was ahead is set right."""

    def tick(self, *args: Any, **facts: Any) -> Any:
        """Do what is due and return the seconds until something is, whatever the clock showed before."""
        now = self.app.now()
        entries: list[Any] = list(self.schedule.values())
        ahead = [entry for entry in entries if entry.schedule.maybe_make_aware(entry.last_run_at) > now]
        for entry in ahead:
            entry.last_run_at = now
        if ahead:
            # What is next was worked out by the hour that was wrong.
            self._heap = None
        return super().tick(*args, **facts)
