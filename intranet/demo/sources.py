"""Reads the demo organisation's hand-written data."""

from __future__ import annotations

import csv
import functools
import json
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


@functools.cache
def read(name: str) -> Any:
    """Return the content of `data/<name>.json`."""
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))


def read_all(prefix: str) -> list[dict[str, Any]]:
    """Return the lists called `prefix` from every file `data/<prefix>_*.json`, in the order of their names."""
    found: list[dict[str, Any]] = []
    for path in sorted(DATA.glob(f"{prefix}_*.json")):
        found += read(path.stem)[prefix]
    return found


def read_agencies() -> list[dict[str, str]]:
    """Return the rows of `oslo-units.csv`: code, name, short_name, type, approx_employees."""
    with (DATA / "oslo-units.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
