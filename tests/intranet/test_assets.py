"""The style sheet, the sprite and the app icons; and that nothing a browser gets asks another host for anything."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings

from intranet.assets import SHEETS, AssetError, Sources, build_assets, build_sprite, squeeze, used_icons

ROOT = Path(settings.BASE_DIR)
SOURCES = Sources(ROOT)
BUDGET = 40_000
NAMESPACES = ("http://www.w3.org/", "https://www.w3.org/")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("assets")
    build_assets(ROOT, target)
    return target


def test_style_sheet_stays_within_its_budget(built: Path) -> None:
    assert len(gzip.compress((built / "tunet.css").read_bytes(), 9)) < BUDGET


def test_every_own_sheet_is_in_the_list() -> None:
    assert {path.stem for path in (ROOT / "static/css").glob("*.css")} == set(SHEETS)


def test_dark_rules_are_repeated_for_those_who_follow_their_device(built: Path) -> None:
    css = (built / "tunet.css").read_text()
    assert css.count('[data-color-scheme="dark"]{') == css.count('[data-color-scheme="auto"]{')


def test_fonts_named_in_the_style_sheet_are_there(built: Path) -> None:
    named = re.findall(r"url\((fonts/[^)]+)\)", (built / "tunet.css").read_text())
    assert len(named) == 2
    assert all((built / name).is_file() for name in named)


def test_nothing_asks_another_host(built: Path) -> None:
    files = [*built.rglob("*.css"), *built.rglob("*.svg"), *(ROOT / "static").rglob("*.*")]
    files += list((ROOT / "templates").rglob("*.html"))
    outside: list[str] = []
    for path in files:
        for address in re.findall(r"""(?:https?:)?//[\w.-]+\.\w{2,}[^\s"')]*""", _text(path)):
            if not address.startswith(NAMESPACES):
                outside.append(f"{path.name}: {address}")
    assert outside == []


def _text(path: Path) -> str:
    source = path.read_text(encoding="utf-8", errors="ignore")
    return re.sub(r"^\s*//.*$", "", source, flags=re.M) if path.suffix == ".js" else source


def test_templates_carry_no_inline_script_or_style() -> None:
    inline = re.compile(r"""<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=["']|javascript:""", re.I)
    guilty = [
        str(path)
        for path in (ROOT / "templates").rglob("*.html")
        if "email" not in path.parts and not path.name.startswith("email") and inline.search(path.read_text())
    ]
    assert guilty == []


def test_template_comments_stay_on_one_line() -> None:
    broken = [
        str(path)
        for path in (ROOT / "templates").rglob("*.html")
        if re.search(r"\{#(?![^\n]*#\})", path.read_text(encoding="utf-8"))
    ]
    assert broken == []


def test_sprite_has_every_icon_that_is_used(built: Path) -> None:
    sprite = (built / "icons.svg").read_text()
    missing = [name for name in used_icons(SOURCES) if f'id="{name}"' not in sprite]
    assert missing == []
    assert 'id="HouseFill"' in sprite  # the place one is in shows the filled form


def test_unknown_icon_stops_the_build(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/page.html").write_text('{% icon "NoSuchIcon" %}')
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    with pytest.raises(AssetError, match="NoSuchIcon"):
        used_icons(Sources(tmp_path))


def test_missing_packages_are_told_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(AssetError, match="npm ci"):
        build_assets(tmp_path, tmp_path / "assets")


def test_icon_takes_the_colour_of_the_text() -> None:
    sprite = build_sprite(SOURCES, ["House"])
    assert sprite.count("<symbol") == 1
    assert "currentColor" in sprite


def test_squeezing_keeps_what_matters() -> None:
    css = "a { color : red; } /* gone */\n@media (min-width: 40rem) { b c , d { margin: calc(1px + 2px) ; } }"
    assert squeeze(css) == "a{color :red}@media (min-width:40rem){b c,d{margin:calc(1px + 2px)}}"


def test_lock_file_names_no_registry() -> None:
    lock = (ROOT / "package-lock.json").read_text()
    assert '"resolved"' not in lock
    assert "registry" not in lock
