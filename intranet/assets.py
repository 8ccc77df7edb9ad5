"""What the browser needs, made from the packages and our own sources: style sheet, icon sprite, fonts, app icons."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw

# The parts of the design system that our screens use, in its own cascade order.
COMPONENTS = (
    "base",
    "button",
    "input",
    "field",
    "fieldset",
    "label",
    "validation-message",
    "tag",
    "table",
    "skeleton",
    "spinner",
)
# Our own sheets, each about one noun. Later ones may lean on earlier ones.
SHEETS = (
    "palette",
    "tokens",
    "base",
    "shell",
    "cards",
    "people",
    "posts",
    "threads",
    "announcements",
    "welcome",
    "admin",
    "notifications",
    "states",
    "forms",
    "print",
)
FONT_RANGES = ("latin-ext", "latin")
APP_ICONS = {"icon-192.png": (192, False), "icon-512.png": (512, False), "icon-maskable-512.png": (512, True)}
TOUCH_ICON = "apple-touch-icon.png"
MARK_COLOURS = ("#2f3e9e", "#1d2763")

_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_DARK_RULE = re.compile(r'\[data-color-scheme="?dark"?\]([^{}]*)\{([^{}]*)\}')
_ICON_TAG = re.compile(r"\{%\s*icon\b[^%]*%\}")
_TAG_NAME = re.compile(r"""(?:icon\s+|default:)["']([A-Z]\w+)["']""")
_GIVEN_ICON = re.compile(r"""\bicon(?:_fill)?=["']([A-Z]\w+)["']""")
_QUOTED = re.compile(r"""["']([A-Z]\w+)["']""")


class AssetError(Exception):
    """A package is missing or a template names an icon that does not exist."""


@dataclass(frozen=True)
class Sources:
    """Where the packages and our own sources lie."""

    root: Path

    @property
    def packages(self) -> Path:
        return self.root / "node_modules"

    @property
    def icons(self) -> Path:
        return self.packages / "@navikt/aksel-icons/dist/svg"

    @property
    def design_system(self) -> Path:
        return self.packages / "@digdir/designsystemet-css/dist"

    @property
    def fonts(self) -> Path:
        return self.packages / "@fontsource-variable/inter"


def build_assets(root: Path, target: Path) -> dict[str, int]:
    """Write every generated asset under `target` and return their names with sizes in bytes.

    Raises AssetError when a package is not installed or an icon is unknown.
    """
    sources = Sources(root)
    target.mkdir(parents=True, exist_ok=True)
    (target / "tunet.css").write_text(build_stylesheet(sources), encoding="utf-8")
    (target / "icons.svg").write_text(build_sprite(sources, used_icons(sources)), encoding="utf-8")
    _copy_fonts(sources, target / "fonts")
    for name, (size, maskable) in APP_ICONS.items():
        draw_app_icon(size, maskable=maskable).save(target / name, optimize=True)
    draw_app_icon(180, maskable=True).save(target / TOUCH_ICON, optimize=True)
    return {path.name: path.stat().st_size for path in sorted(target.iterdir()) if path.is_file()}


def build_stylesheet(sources: Sources) -> str:
    """Return the one style sheet of every page: font, design system, the organisation's colours, our own."""
    system = sources.design_system
    parts = ["@layer reset,ds.theme,ds.base,ds.components;", _font_faces(sources)]
    parts.append(_read(system / "theme/designsystemet.css"))
    for name in COMPONENTS:
        layer = "ds.base" if name == "base" else "ds.components"
        parts.append(f"@layer {layer}{{{_read(system / f'src/{name}.css')}}}")
    parts += [_with_auto_dark(_read(sources.root / f"static/css/{name}.css")) for name in SHEETS]
    return "\n".join(squeeze(part) for part in parts) + "\n"


def squeeze(css: str) -> str:
    """Return `css` without comments and needless white space."""
    css = re.sub(r"\s+", " ", _COMMENT.sub("", css))
    css = re.sub(r"\s*([{};,])\s*", r"\1", css)
    return css.replace(": ", ":").replace(";}", "}").strip()


def _with_auto_dark(css: str) -> str:
    """Return `css` with each dark rule repeated for those who follow their device."""

    def repeat(rule: re.Match[str]) -> str:
        auto = f'[data-color-scheme="auto"]{rule[1]}{{{rule[2]}}}'
        return f"{rule[0]}@media (prefers-color-scheme: dark){{{auto}}}"

    return _DARK_RULE.sub(repeat, _COMMENT.sub("", css))


def _font_faces(sources: Sources) -> str:
    sheet = _read(sources.fonts / "wght.css")
    faces = [face for face in re.findall(r"@font-face\s*\{[^}]*\}", sheet) if _font_range(face) in FONT_RANGES]
    if len(faces) != len(FONT_RANGES):
        raise AssetError("The font package no longer has the ranges that are expected.")
    return "".join(faces).replace("./files/", "fonts/")


def _font_range(face: str) -> str:
    found = re.search(r"files/inter-([a-z-]+)-wght-normal", face)
    return found[1] if found else ""


def _copy_fonts(sources: Sources, target: Path) -> None:
    target.mkdir(exist_ok=True)
    for name in FONT_RANGES:
        shutil.copyfile(
            sources.fonts / f"files/inter-{name}-wght-normal.woff2",
            target / f"inter-{name}-wght-normal.woff2",
        )


def used_icons(sources: Sources) -> set[str]:
    """Return the names of the icons that templates draw or Python names (places, groups, kinds)."""
    known = {path.stem for path in sources.icons.glob("*.svg")}
    if not known:
        raise AssetError("The icon package is not installed: run `npm ci`.")
    named: set[str] = set()
    for path in (sources.root / "templates").rglob("*.html"):
        found = _icons_in_template(path.read_text(encoding="utf-8"))
        if unknown := found - known:
            raise AssetError(f"{path} names unknown icons: {', '.join(sorted(unknown))}")
        named |= found
    for path in _python_files(sources.root):
        source = path.read_text(encoding="utf-8")
        if "icon" in source:
            found = set(_QUOTED.findall(source)) & known
            # The place one is in shows the filled form of its icon.
            named |= found | ({f"{name}Fill" for name in found} & known)
    return named | (_icons_in_data(sources.root) & known)


def _icons_in_data(root: Path) -> set[str]:
    """Return the icons that the demo's groups wear."""
    groups = json.loads((root / "intranet" / "demo" / "data" / "groups.json").read_text(encoding="utf-8"))
    return {group["icon"] for group in groups["groups"]}


def _icons_in_template(template: str) -> set[str]:
    drawn = {name for tag in _ICON_TAG.findall(template) for name in _TAG_NAME.findall(tag)}
    return drawn | set(_GIVEN_ICON.findall(template))


def _python_files(root: Path) -> Iterable[Path]:
    """Yield the modules of our own apps: those with an apps.py."""
    for app in sorted(path.parent for path in root.glob("*/apps.py")):
        yield from app.rglob("*.py")


def build_sprite(sources: Sources, names: Iterable[str]) -> str:
    """Return one SVG with a symbol per icon, drawn in the colour of the text around it."""
    symbols = []
    for name in sorted(names):
        drawing = re.sub(r"\s+", " ", _read(sources.icons / f"{name}.svg"))
        inner = re.sub(r"^.*?<svg[^>]*>|</svg>.*$", "", drawing, flags=re.S).strip()
        # Two decimals of a drawing 24 wide are finer than any screen shows.
        inner = re.sub(r"\d+\.\d{3,}", lambda number: f"{float(number[0]):.2f}".rstrip("0").rstrip("."), inner)
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24" fill="none">{inner}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">' + "".join(symbols) + "</svg>\n"


def draw_app_icon(size: int, *, maskable: bool) -> Image.Image:
    """Return our mark, three houses around a yard, on the house blue; `maskable` leaves room to be cut round."""
    scale = 4 * size
    image = Image.new("RGBA", (scale, scale), MARK_COLOURS[0] if maskable else (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    if not maskable:
        draw.rounded_rectangle((0, 0, scale - 1, scale - 1), radius=int(scale * 0.23), fill=MARK_COLOURS[0])
    room = 0.6 if maskable else 0.74
    for shape, colour in MARK_SHAPES:
        points = [(scale * (0.5 + (x - 0.5) * room), scale * (0.5 + (y - 0.5) * room)) for x, y in shape]
        draw.polygon(points, fill=colour)
    return image.resize((size, size), Image.Resampling.LANCZOS)


# In a square of one by one: house to the left, house to the right, the tall one behind, the yard in front.
MARK_SHAPES: tuple[tuple[tuple[tuple[float, float], ...], str], ...] = (
    (((0.30, 0.62), (0.30, 0.26), (0.50, 0.06), (0.70, 0.26), (0.70, 0.62)), "#cfd5f3"),
    (((0.04, 0.74), (0.04, 0.48), (0.22, 0.32), (0.40, 0.48), (0.40, 0.74)), "#ffffff"),
    (((0.60, 0.74), (0.60, 0.48), (0.78, 0.32), (0.96, 0.48), (0.96, 0.74)), "#ffffff"),
    (((0.04, 0.82), (0.96, 0.82), (0.82, 0.94), (0.18, 0.94)), "#ffc75a"),
)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise AssetError(f"{path} is missing: run `npm ci`.") from error
