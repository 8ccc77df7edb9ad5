"""Compile the translations: `.po` to `.mo`, without any tool outside Python."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polib
from django.core.management.base import BaseCommand

from intranet.runner.state import PROJECT_ROOT


class Command(BaseCommand):
    help = "Compile every app's locale/*/LC_MESSAGES/*.po that is newer than its .mo."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        count = sum(compile_catalogue(path) for path in catalogues(PROJECT_ROOT))
        if options["verbosity"] > 1:
            self.stdout.write(f"{count} catalogues compiled.")


def catalogues(root: Path) -> list[Path]:
    """Every catalogue of our own apps."""
    return sorted(root.glob("*/locale/*/LC_MESSAGES/*.po"))


def compile_catalogue(path: Path) -> bool:
    """Write the `.mo` beside the catalogue; False when it is up to date."""
    compiled = path.with_suffix(".mo")
    if compiled.exists() and compiled.stat().st_mtime_ns > path.stat().st_mtime_ns:
        return False
    fresh = compiled.with_suffix(".mo.new")
    polib.pofile(str(path), encoding="utf-8").save_as_mofile(str(fresh))
    fresh.replace(compiled)  # a process that reads it meanwhile sees the old or the new one, whole
    return True
