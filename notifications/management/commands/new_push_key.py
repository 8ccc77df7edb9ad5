"""Print a new key for the settings: `manage.py new_push_key`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from core.keys import new_p256_key


class Command(BaseCommand):
    help = "Print a new VAPID_PRIVATE_KEY. Every browser subscribes anew when it is changed."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"VAPID_PRIVATE_KEY={new_p256_key()}")
