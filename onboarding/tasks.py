"""The deferred halves of onboarding: each only hurries what the sweeper would find by itself."""

from __future__ import annotations

from celery import shared_task

from onboarding.imports.telling import continue_and_tell


@shared_task
def continue_import(run_id: int) -> None:
    """Check or apply a long file from HR, unless someone is already at it."""
    continue_and_tell(run_id)
