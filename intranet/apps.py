from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class IntranetConfig(AppConfig):
    name = "intranet"

    def ready(self) -> None:
        """Let every app register what it contributes: these modules register when they are imported."""
        autodiscover_modules(
            "policies",
            "thread_owners",
            "notification_kinds",
            "inbox_sources",
            "search_sources",
            "fragments",
            "receivers",
        )
