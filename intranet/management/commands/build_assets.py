"""Build the style sheet, the icon sprite, the fonts and the app icons. Needs `npm ci`, no database."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from intranet.assets import AssetError, build_assets


class Command(BaseCommand):
    help = "Build style sheet, icon sprite, fonts and app icons into the state folder."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            written = build_assets(settings.BASE_DIR, settings.ASSETS_DIR)
        except AssetError as error:
            raise CommandError(str(error)) from error
        for name, size in written.items():
            self.stdout.write(f"{size:>9} {name}")
