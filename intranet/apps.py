from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

# Whoever starts Django has the Celery application with it: without one a task would look for a broker elsewhere.
from intranet.celery import app as celery_app

__all__ = ["IntranetConfig", "celery_app"]


class IntranetConfig(AppConfig):
    name = "intranet"

    def ready(self) -> None:
        """Let every app register what it contributes: these modules register when they are imported."""
        autodiscover_modules(
            "policies",
            "thread_owners",
            "notification_kinds",
            "inbox_sources",
            "catch_up_sources",
            "digest_sources",
            "search_sources",
            "previews",
            "fragments",
            "retention",
            "receivers",
        )
