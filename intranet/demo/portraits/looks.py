"""Where a family may have come from, and what that makes likely in a portrait. People are of many kinds everywhere."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Ancestry:
    """How often it is drawn, which of the skins (first and last), and how likely hair or head-dress is."""

    share: int
    skins: tuple[int, int]
    fair: float = 0.0
    coiled: float = 0.0
    hijab: float = 0.0
    turban: float = 0.0


LOOKS = {
    "nordic": Ancestry(62, (0, 2), fair=0.85, hijab=0.005),
    "eastern": Ancestry(8, (1, 4), hijab=0.01),
    "mediterranean": Ancestry(12, (2, 6), fair=0.06, hijab=0.3),
    "south_asian": Ancestry(9, (4, 8), hijab=0.2, turban=0.1),
    "african": Ancestry(9, (7, 10), coiled=0.8, hijab=0.25),
}
