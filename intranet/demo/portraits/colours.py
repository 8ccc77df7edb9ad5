"""The portraits' colours, and how one colour becomes a lighter or darker one."""

from __future__ import annotations

# Skin, from light to dark.
SKINS = [
    "#f5dac4",
    "#f4d5bc",
    "#f0c9ab",
    "#e8bb98",
    "#dcaa84",
    "#cf9a72",
    "#b97f57",
    "#a06a45",
    "#85553a",
    "#6b4330",
    "#55352a",
]
FAIR_HAIR = [
    "#e0c07c",
    "#d9b26a",
    "#c69a58",
    "#b98a4e",
    "#9c6b3c",
    "#7a5230",
    "#5b3c26",
    "#45301f",
    "#a9552f",
    "#c0703c",
]
DARK_HAIR = ["#2b211d", "#1f1815", "#17110f", "#241a17", "#332520"]
GREY_HAIR = ["#bfb8ae", "#d5d0c8", "#a59f97", "#e3dfd8"]
CLOTH = [
    "#38446b", "#3f7f86", "#b54a4a", "#5d8a5a", "#8a5a83", "#d98a3a", "#7d6a94", "#6d8c7c", "#4a6fa8", "#27479b",
    "#b8c4d6", "#d9c8a8", "#2f5d50", "#a34d72", "#c46a14", "#52606d", "#7a3b3b", "#e0b44c", "#46788c", "#3b3a45",
]  # fmt: skip
SCRUBS = ["#4a6fa8", "#5d8a5a", "#3f7f86", "#f1f3f5", "#7b5ea8", "#4c8c8a"]
SCARVES = [
    "#7b5ea8",
    "#2f5d73",
    "#b56576",
    "#3d405b",
    "#c9a27a",
    "#5f7a61",
    "#1f2a44",
    "#a8485c",
    "#d8cbb8",
    "#26302b",
    "#49799b",
]
BACKGROUNDS = [
    ("#b5d6c8", "#80b09f", "#e6f4ee"), ("#e5d6c2", "#c2a98c", "#f7efe3"), ("#a9c8dc", "#6f9dbb", "#eaf3f6"),
    ("#f1d699", "#d3a95a", "#fbeecb"), ("#e3b7a8", "#bd8fa0", "#f6dccb"), ("#b9cf9c", "#86a06e", "#e4edd0"),
    ("#c9cfe4", "#96a1c6", "#eceffa"), ("#d8c2dc", "#a98fb5", "#f3e8f5"), ("#cfd8d3", "#9fb0a7", "#f0f4f1"),
    ("#f0c9b5", "#cf9579", "#fbe8dc"),
]  # fmt: skip
FRAMES = ["#2a2a30", "#5b3a2a", "#7b3b3b", "#3a5566", "#3a3a40", "#8a6d3b"]


def shade(colour: str, share: float) -> str:
    """Return `colour` mixed with black (share below 0) or white (above 0)."""
    goal = 255 if share > 0 else 0
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(part + (goal - part) * abs(share)):02x}" for part in parts)


def is_dark(colour: str) -> bool:
    """Whether a skin or cloth colour is dark enough to need light lines."""
    return sum(int(colour[at : at + 2], 16) for at in (1, 3, 5)) < 330
