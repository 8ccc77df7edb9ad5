"""Bring the translation catalogues in step with the texts in code and templates."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from intranet.catalogues.extraction import owners
from intranet.catalogues.merging import LANGUAGES, catalogue_path, complaints, contradictions, update_catalogue


class Command(BaseCommand):
    help = (
        "Write every app's new texts into its catalogues, to be translated. With --check write nothing and fail "
        "when a text is missing, empty, fuzzy, obsolete or translated in two ways."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("apps", nargs="*", help="only these apps")
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        names = own_apps()
        chosen = [
            owner
            for owner in owners(settings.BASE_DIR, names, rest="intranet")
            if not options["apps"] or owner.name in options["apps"]
        ]
        if options["check"]:
            found = [
                f"{owner.name}/{language}: {complaint}"
                for owner in chosen
                for language in LANGUAGES
                for complaint in complaints(settings.BASE_DIR, owner, language)
            ]
            for language in LANGUAGES:
                found += [f"{language}: {line}" for line in contradictions(settings.BASE_DIR, names, language)]
            self._report(found)
            return
        for owner in chosen:
            texts = owner.texts()
            for language in LANGUAGES:
                path = catalogue_path(settings.BASE_DIR, owner.name, language)
                if (texts or path.exists()) and update_catalogue(path, texts, language):
                    self.stdout.write(f"{path.relative_to(settings.BASE_DIR)} updated")

    def _report(self, found: list[str]) -> None:
        for line in found:
            self.stdout.write(line)
        if found:
            raise CommandError(f"{len(found)} texts need work: manage.py update_messages, then translate.")
        self.stdout.write("Every text is translated.")


def own_apps() -> list[str]:
    """The names of our own apps, which lie in the project's folder."""
    return [config.name for config in apps.get_app_configs() if (settings.BASE_DIR / config.name).is_dir()]
