"""What the import contract cannot see."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RunPython, RunSQL

ROOT = Path(__file__).resolve().parents[2]
LAYERS = [
    {"core"},
    {"directory"},
    {"notifications"},
    {"groups"},
    {"conversations"},
    {"announcements", "feed", "onboarding", "search"},
    {"responses"},
    {"intranet"},
]
LEVEL = {app: level for level, names in enumerate(LAYERS) for app in names}


def test_foreign_keys_point_down() -> None:
    """A table may refer to its own app and to layers below, never beside or above."""
    wrong = []
    for model in apps.get_models(include_auto_created=True):
        app = model._meta.app_label
        for field in model._meta.get_fields():
            other = getattr(field, "related_model", None)
            if app not in LEVEL or not field.concrete or other is None or isinstance(other, str):
                continue
            target = other._meta.app_label
            if target != app and LEVEL.get(target, -1) >= LEVEL[app]:
                wrong.append(f"{model._meta.label}.{field.name} -> {other._meta.label}")
    assert not wrong


def test_every_app_is_in_a_layer() -> None:
    ours = {config.label for config in apps.get_app_configs() if Path(config.path).parent == ROOT}
    assert ours == set(LEVEL)


def test_psycopg_3_is_not_installed() -> None:
    """Django would silently use it instead of psycopg2."""
    assert importlib.util.find_spec("psycopg") is None


def test_migrations_are_named_and_reversible() -> None:
    loader = MigrationLoader(None)
    for (app, name), migration in loader.disk_migrations.items():
        if app not in LEVEL:
            continue
        assert re.fullmatch(r"0001_initial|\d{4}_[a-z]+_[a-z0-9_]+", name), (
            f"{app}.{name} needs a name that says what it does"
        )
        assert "_auto_" not in name
        for operation in migration.operations:
            if isinstance(operation, RunPython | RunSQL):
                assert operation.reversible, f"{app}.{name} cannot be undone"


@pytest.mark.parametrize("words", ["utils", "helpers", "common", "misc"])
def test_no_drawer_for_odds_and_ends(words: str) -> None:
    """A module is named for what it is about."""
    for app in LEVEL:
        assert not list((ROOT / app).rglob(f"{words}.py"))
        assert not (ROOT / app / words).exists()


def test_licence_and_version_are_told() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    assert 'license = "AGPL-3.0-or-later"' in text
